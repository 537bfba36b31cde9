// Within the room heap: the rows of a query of this database, some at a time.
#pragma once

#include "heap/arriving.hpp"
#include "heap/form.hpp"
#include "pg/spi.hpp"

namespace datasurface::heap {

struct Query;

// PostgreSQL's regime. Opens a SELECT of the dataset's columns, in their order, which reads by the snapshot and as the current role.
// Returns nullptr when its rows are not those of the staging table without a cast, or when it may do more than read.
Query *open_query(const shape::Shape &shape, const sqltext::Statement &select, const pg::Snapshot &snapshot);
ArrivingRows next_rows(Query &query);
void close_query(Query &query);

} // namespace datasurface::heap
