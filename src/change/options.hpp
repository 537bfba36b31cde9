// Storage parameters of tables, and whether a staging table is logged.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

void change_options(Tables &tables, shape::RelationKind kind);

} // namespace datasurface::change
