// The doors of this room: what rooms in C++'s regime call. It includes no header of PostgreSQL.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "heap/arriving.hpp"
#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::heap {

// Opens a query, which reads by the snapshot and as the current role. select: a SELECT of the dataset's columns, in their order. Returns
// nullptr when its rows are not those of the staging table without a cast, or when it may do more than read. Call it in the
// (sub)transaction and as the role that read the rows.
std::unique_ptr<Arriving> open(const shape::Shape &shape, const sqltext::Statement &select,
                               const pg::Snapshot &snapshot);

// Fills a staging table without an INSERT: rows are inserted many at a time. Returns no value, and has read and written nothing, when
// the table needs an INSERT.
std::optional<merge::Staged> fill(const shape::Shape &shape, Arriving &rows);

// Sees the snapshot no row of a staging table? Finds out without a plan. False too when the table is none of heap.
bool is_empty(const sqltext::Qualified &staging, const pg::Snapshot &snapshot);

// Deletes the rows of a staging table that the snapshot sees and that arrived up to last_arrival, as the current role. False when
// the table has something that needs the executor, such as a trigger, or somebody else is changing these rows: then rows are left,
// and a DELETE has to follow.
bool delete_staged(const sqltext::Qualified &staging, std::int64_t last_arrival, const pg::Snapshot &snapshot);

// Counts the row versions of a table, living and dead, by the line pointers of its pages, which costs a fraction of a scan. This
// transaction must have locked the table exclusively. -1 when it is no heap.
std::int64_t count_versions(const sqltext::Qualified &table);

} // namespace datasurface::heap
