// Columns that the model knows by another name than the tables do.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// Of each table. Names may be exchanged in a ring: one of them is renamed twice then.
void rename_columns(Tables &tables);

} // namespace datasurface::change
