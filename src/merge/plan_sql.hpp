// merge: staging to merge and history, by a plan, with two engines. This is the plan of the `sql` engine, which serves
// every kind of table and is the judge of the other engine: two statements under one snapshot.
#pragma once

#include <cstdint>

#include "shape/tables.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::merge {

struct Input {
    int batch = 0;
    std::int64_t staged = 0;       // rows, as the ingest counted them
    std::int64_t last_arrival = 0; // rows after it are not the batch's
};

// One row: rows staged, rows with a NULL in their key, keys staged more than once, rows too many of these keys,
// one of these keys, one key with a NULL.
sqltext::Statement plan_check(const shape::Shape &shape, const Input &input);

// Finds the differences and writes them. One row: deleted, updated, inserted and closed rows as written, then
// to delete, to update, to insert as the diff named them.
sqltext::Statement plan_apply(const shape::Shape &shape, const Input &input, bool has_duplicates);

} // namespace datasurface::merge
