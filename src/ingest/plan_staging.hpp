// ingest: fills staging tables from each kind of source. This file: the statements that fill, count and empty one.
#pragma once

#include <cstdint>
#include <string>

#include "shape/tables.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

// Selects the dataset's columns, in its order and by name, from a query: one plain SELECT, as pg::check_select returns it.
sqltext::Statement plan_select(const shape::Shape &shape, const std::string &query);

// Inserts the same into the staging table.
sqltext::Statement plan_fill(const shape::Shape &shape, const std::string &query);

// Reads no row, but locks the tables that the query reads. The snapshot must be taken after these locks.
sqltext::Statement plan_touch_sources(const std::string &query);

// One row: the largest arrival that this session has made.
sqltext::Statement plan_last_arrival(const shape::Shape &shape);

// Waits for transactions that have written to the table, and blocks writers until the transaction ends.
sqltext::Statement plan_keep_writers_out(const shape::Shape &shape);

// One row: rows, largest arrival.
sqltext::Statement plan_count(const sqltext::Qualified &staging);

// One row: the largest arrival that was ever given out; NULL when somebody gave the column another default.
sqltext::Statement plan_given_arrivals(const shape::Shape &shape);

sqltext::Statement plan_delete(const sqltext::Qualified &staging, std::int64_t last_arrival);
sqltext::Statement plan_truncate(const sqltext::Qualified &staging);

} // namespace datasurface::ingest
