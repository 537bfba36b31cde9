// Private to the guard room: checks the triggers, constraints, indexes and rules of a table.
#pragma once

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// See check_table() in doors.hpp. owner: the OID of the role.
void check_table_of(const sqltext::Qualified &table, unsigned int owner);

} // namespace datasurface::guard
