// What emptying a staging table takes, without SQL: planning a DELETE takes longer than deleting the hundred rows of an
// ordinary batch.
#pragma once

#include <cstdint>

#include "pg/spi.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::heap {

// Deletes the rows of a staging table that the snapshot sees and that arrived up to last_arrival, as the current role. False
// when something is attached to the table that only the executor serves, or somebody else is changing these rows: then
// not all of them are deleted, and a DELETE has to follow.
bool delete_staged(const sqltext::Qualified &staging, std::int64_t last_arrival, const pg::Snapshot &snapshot);

// Row versions in a table, living and dead, which the pages' line pointers tell at a fraction of the cost of a scan. For a
// table that this transaction has locked exclusively; -1 for one that is no heap.
std::int64_t count_versions(const sqltext::Qualified &table);

} // namespace datasurface::heap
