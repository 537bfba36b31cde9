// Columns that change their type.
#pragma once

#include <string>

#include "change/tables.hpp"

namespace datasurface::change {

void change_types(Tables &tables);

// What a change from one type to another costs; both as format_type spells them. safe: PostgreSQL rewrites nothing. rewrite: every value is
// kept. lossy: anything else.
Class cost_of_type(const std::string &from, const std::string &to);

} // namespace datasurface::change
