// Empties staging tables without SQL: to plan a DELETE takes longer than to delete the hundred rows of an ordinary batch.
#pragma once

#include <cstdint>

#include "pg/spi.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::heap {

// Deletes the rows of a staging table that the snapshot sees and that arrived up to last_arrival, as the current role. False when
// the table has something that needs the executor, such as a trigger, or somebody else is changing these rows: then rows are left,
// and a DELETE has to follow.
bool delete_staged(const sqltext::Qualified &staging, std::int64_t last_arrival, const pg::Snapshot &snapshot);

// Counts the row versions of a table, living and dead, by the line pointers of its pages, which costs a fraction of a scan. This
// transaction must have locked the table exclusively. -1 when it is no heap.
std::int64_t count_versions(const sqltext::Qualified &table);

} // namespace datasurface::heap
