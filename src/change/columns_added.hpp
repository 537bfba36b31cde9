// Columns that a table lacks.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// A column that is not nullable gets the model's default for the rows that are there; versions that are closed get NULL. A column of a
// domain with constraints makes PostgreSQL rewrite the table; it waits in all tables together. Throws SF004 for one without a default, for
// one whose name a column has that somebody else has added, and where dropped columns leave no place.
void add_columns(Tables &tables, const std::vector<shape::RelationKind> &kinds);

// Throws SF004 where dropped columns, which keep their places, leave none for so many more.
void require_places(const Object &table, std::size_t additions);

// The steps that add these columns to one table: one, and another that takes the defaults away again.
std::vector<Step> addition_steps(const Object &table, shape::RelationKind kind,
                                 const std::vector<shape::Column> &columns);

} // namespace datasurface::change
