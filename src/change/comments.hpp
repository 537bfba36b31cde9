// Comments on tables and their columns.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "change/tables.hpp"

namespace datasurface::change {

void write_comments(Tables &tables, shape::RelationKind kind);

// The comment of each column of the table, in its order.
std::vector<std::pair<std::string, std::string>> column_comments(const shape::Shape &shape, shape::RelationKind kind);

} // namespace datasurface::change
