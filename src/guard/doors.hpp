// The doors of this room: what rooms in C++'s regime ask about code of others. It includes no header of PostgreSQL.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// A statement that the current role is to execute: what it calls, views and rules expanded. Nothing of it is executed. Raises
// 42501; asked before something is done, so that the refusal comes before a batch is touched, and says where the code stands.
void check_statement(const sqltext::Statement &statement, const std::string &what);

// A table that its owner is to write to, and its partitions: triggers, constraints, generated columns, indexes, rules; and the
// tables that foreign keys cascade to, as their own owners. Says nothing of a table that belongs to another role than `owner`:
// that is refused where it is locked. Raises 42501, as check_statement does.
void check_table(const sqltext::Qualified &table, const std::string &owner);

} // namespace datasurface::guard
