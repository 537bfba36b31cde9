// Columns that the model no longer has.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// Only columns that reconcile made are dropped; those that users added stay.
void drop_columns(Tables &tables);

} // namespace datasurface::change
