// Private to the guard room: checks what a statement would call.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// See check_statement() in doors.hpp.
void check_queries_of(const sqltext::Statement &statement, const std::string &what);
// What check_source() of doors.hpp promises.
void check_source_of(const sqltext::Statement &query, const std::string &types, const std::string &what);

} // namespace datasurface::guard
