// Within the room guard: code of others on a table.
#pragma once

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// What check_table() of doors.hpp promises. owner: the role's OID.
void check_table_of(const sqltext::Qualified &table, unsigned int owner);

} // namespace datasurface::guard
