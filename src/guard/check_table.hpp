// Code of others on a table.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// A table that its owner is to write to, and its partitions: triggers, constraints, generated columns, indexes, rules; and the
// tables that foreign keys cascade to, as their own owners. Says nothing of a table that belongs to another role than `owner`:
// that is refused where it is locked. Raises 42501, as check_statement does.
void check_table(const sqltext::Qualified &table, const std::string &owner);

} // namespace datasurface::guard
