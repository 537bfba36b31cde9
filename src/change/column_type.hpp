// Columns that change their type.
#pragma once

#include <string>

#include "change/tables.hpp"

namespace datasurface::change {

void change_types(Tables &tables);

// What a change from one type to another costs; both as format_type spells them. safe: PostgreSQL rewrites nothing. rewrite: every value is
// kept. lossy: anything else.
Class cost_of_type(const std::string &from, const std::string &to);

// An expression that fails for a value for which the change fails. column: its name in the table.
std::string conversion_sql(const Conversion &conversion, const std::string &column);

} // namespace datasurface::change
