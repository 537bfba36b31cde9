// Columns that reconcile made and that a table lacks now: somebody has renamed or dropped them by hand.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// Adds them again, empty, where that is allowed: until then the values may be there under another name. Answers false when one waits;
// nothing else is changed about such tables, for what was made of which column is not known.
bool restore_columns(Tables &tables);

// Columns of the table that neither the model nor our records know, and that are not ours by their name.
std::vector<const ActualColumn *> unknown_columns(const Tables &tables, const ActualRelation &table);

} // namespace datasurface::change
