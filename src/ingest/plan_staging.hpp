// ingest: fills staging from each kind of source. This file: the statements that fill, count and empty it.
#pragma once

#include <cstdint>
#include <string>

#include "shape/tables.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

// The dataset's columns, in its order, of a query: one plain SELECT, as pg::check_select returns it. They are taken by name.
sqltext::Statement plan_select(const shape::Shape &shape, const std::string &query);

// The same into the staging table.
sqltext::Statement plan_fill(const shape::Shape &shape, const std::string &query);

// Reads nothing, but takes the locks of the tables that the query reads: a snapshot is to be newer than they are.
sqltext::Statement plan_touch_sources(const std::string &query);

// One row: the largest arrival that this session has made.
sqltext::Statement plan_last_arrival(const shape::Shape &shape);

// Waits for those who are writing to the table, and keeps others from beginning until the transaction ends.
sqltext::Statement plan_keep_writers_out(const shape::Shape &shape);

// One row: rows, largest arrival.
sqltext::Statement plan_count(const shape::Shape &shape);

// One row: the largest arrival that was ever given out; NULL when somebody gave the column another default.
sqltext::Statement plan_given_arrivals(const shape::Shape &shape);

sqltext::Statement plan_delete(const shape::Shape &shape, std::int64_t last_arrival);
sqltext::Statement plan_truncate(const shape::Shape &shape);

} // namespace datasurface::ingest
