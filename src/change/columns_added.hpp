// Columns that a table lacks.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// A column that is not nullable gets the model's default for the rows that are there; versions that are closed get NULL. Throws
// SF004 for one without a default, for one whose name a column has that somebody else has added, and where dropped columns leave no place.
void add_columns(Tables &tables, shape::RelationKind kind);

} // namespace datasurface::change
