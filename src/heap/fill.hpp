// Fills a staging table without an INSERT: the rows that the executor gives go into the table many at a time.
#pragma once

#include <optional>

#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::heap {

// Writes what the query sees in the snapshot. query: a SELECT of the dataset's columns, in their order, that runs as the current
// role. Nothing when the table or the query needs the whole of an INSERT; then nothing was written.
std::optional<merge::Staged> fill(const shape::Shape &shape, const sqltext::Statement &query,
                                  const pg::Snapshot &snapshot);

} // namespace datasurface::heap
