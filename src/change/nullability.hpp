// NOT NULL of the columns of merge and history tables. Staging tables have none, and closed versions may lack what newer ones have.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// Before a change of the key, whose columns must be NOT NULL; and after one, when columns have left the key.
void set_not_null(Tables &tables);
void drop_not_null(Tables &tables);

} // namespace datasurface::change
