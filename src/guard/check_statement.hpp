// Private to the guard room: checks what a statement, or an expression, would call.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// See check_statement() in doors.hpp.
void check_queries_of(const sqltext::Statement &statement, const std::string &what);

// See check_expression() in doors.hpp.
void check_expression_of(const std::string &tree, const std::string &what);

// See check_conditions() in doors.hpp.
void check_conditions_of(const sqltext::Statement &statement, const std::string &what);

} // namespace datasurface::guard
