// Private to constraints.cpp.
#pragma once

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

// Reads the tables' own descriptors. Few tables have such constraints, and without them no catalog needs to be searched.
bool may_have_deferrable(const sqltext::Qualified &table);

} // namespace datasurface::pg
