// Within the room heap: empties staging tables without SQL. To plan a DELETE takes longer than to delete the hundred rows of an
// ordinary batch.
#pragma once

#include <cstdint>

#include "pg/spi.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::heap {

// What is_empty(), delete_staged() and count_versions() of doors.hpp promise.
bool has_no_rows(const sqltext::Qualified &staging, const pg::Snapshot &snapshot);
bool delete_staged_rows(const sqltext::Qualified &staging, std::int64_t last_arrival, const pg::Snapshot &snapshot);
std::int64_t count_versions_of(const sqltext::Qualified &table);

} // namespace datasurface::heap
