// Code of others that a statement would call.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// A statement that the current role is to execute: what it calls, views and rules expanded. Nothing of it is executed. Raises
// 42501; asked before something is done, so that the refusal comes before a batch is touched, and says where the code stands.
void check_statement(const sqltext::Statement &statement, const std::string &what);

} // namespace datasurface::guard
