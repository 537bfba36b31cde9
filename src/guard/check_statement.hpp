// Within the room guard: code of others that a statement would call.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// What check_statement() of doors.hpp promises.
void check_queries_of(const sqltext::Statement &statement, const std::string &what);

} // namespace datasurface::guard
