// Ingestion of kind push: somebody else stages the rows.
#pragma once

#include "merge/plan.hpp"
#include "shape/tables.hpp"

namespace datasurface::ingest {

// Waits for the transactions that are staging rows, and counts what is staged. Throws SF022. Works as the current role, which is
// the owner of the shape.
merge::Staged seal_as_owner(const shape::Shape &shape);

} // namespace datasurface::ingest
