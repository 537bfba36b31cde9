// Emptying of a staging table.
#pragma once

#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::ingest {

// All work as the current role, which is the owner of the shape.

// Removes the staged rows of a batch, which the snapshot sees.
void clear_as_owner(const shape::Shape &shape, const merge::Staged &staged, const pg::Snapshot &snapshot);
// Removes all rows that the snapshot sees, however many.
void clear_all_as_owner(const shape::Shape &shape, const pg::Snapshot &snapshot);

} // namespace datasurface::ingest
