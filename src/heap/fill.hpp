// Fills a staging table without an INSERT: rows of a query are inserted many at a time.
#pragma once

#include <optional>

#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::heap {

// Writes the rows of the query, which reads by the snapshot and as the current role. query: a SELECT of the dataset's columns, in
// their order. Returns no value, and has written nothing, when the table or the query needs an INSERT.
std::optional<merge::Staged> fill(const shape::Shape &shape, const sqltext::Statement &query,
                                  const pg::Snapshot &snapshot);

} // namespace datasurface::heap
