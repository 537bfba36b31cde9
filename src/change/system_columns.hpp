// The columns ds_surf_* of the tables. Batches need them as reconcile made them.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// A refused step for each that somebody has renamed, dropped or altered by hand: its values cannot be made again. Answers false when
// there is one; nothing else is changed about such tables.
bool keep_system_columns(Tables &tables);

} // namespace datasurface::change
