// Columns that a table lacks.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// A column that is not nullable gets the model's default for the rows that are there; versions that are closed get NULL. Throws
// SF004 for one without a default, for one whose name a column has that somebody else has added, and where dropped columns leave no place.
void add_columns(Tables &tables, shape::RelationKind kind);

// Throws SF004 where dropped columns, which keep their places, leave none for so many more.
void require_places(const Object &table, std::size_t additions);

// The steps that add these columns. filled: they are not nullable, and rows that are there get their defaults.
std::vector<Step> addition_steps(const Object &table, const std::vector<shape::Column> &columns, bool filled);

} // namespace datasurface::change
