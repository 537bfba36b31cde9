// The statements of the `sql` engine: two, under one snapshot. This engine merges every kind of table, and defines what the
// outcome of the other must be.
#pragma once

#include "merge/plan_changes.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::merge {

// Returns one row: rows staged, rows with a NULL in their key, keys staged more than once, surplus rows of these keys, one of
// these keys, one key with a NULL.
sqltext::Statement plan_check(const Plan &plan);

// Finds the differences and writes them. Returns one row: how many rows were deleted, updated, inserted and closed; then how many
// the diff found to delete, to update and to insert.
sqltext::Statement plan_apply(const Plan &plan, bool has_duplicates);

// Finds the differences alone. Returns one row: the two sums of Changes::digest, as unsigned numbers; how many rows would be inserted,
// updated, deleted.
sqltext::Statement plan_comparison(const Plan &plan, bool has_duplicates, std::uint64_t seed);

// The staged rows that are inserted or updated.
RowSource plan_new_rows(const Plan &plan, bool has_duplicates);

// Returns one row: how many rows would be inserted, updated, deleted.
sqltext::Statement plan_counts(const Plan &plan);

// Each returns one number: rows of the merge table, by PostgreSQL's statistics and the size of the table, or NULL, which needs no
// right on it; and counted.
sqltext::Statement plan_rows_about(const Plan &plan);
// Of a chunk of a first load that was staged: what is not there yet.
sqltext::Statement plan_load(const shape::Shape &shape, int batch);
sqltext::Statement plan_count_rows(const Plan &plan);

// The first rows that would be inserted, updated or deleted, by key; one row per column: number of the row, key, number of the column, old
// and new value. Of updated rows only columns that differ.
sqltext::Statement plan_preview(const Plan &plan, const std::string &change, int limit);

} // namespace datasurface::merge
