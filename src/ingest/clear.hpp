// Emptying of a staging table.
#pragma once

#include "ingest/staging_table.hpp"
#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::ingest {

// All work as the current role, which is the owner of the table.

// Removes the staged rows of a batch, which the snapshot sees.
void clear_as_owner(const StagingTable &table, const merge::Staged &staged, const pg::Snapshot &snapshot);
// Removes all rows that the snapshot sees, however many.
void clear_all_as_owner(const StagingTable &table, const pg::Snapshot &snapshot);

} // namespace datasurface::ingest
