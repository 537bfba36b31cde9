// A table that is not there.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// Throws 42P07 when the table's name is taken.
void create_table(Tables &tables, shape::RelationKind kind);

// The parts of a CREATE TABLE and its comments that later changes need too.
std::string column_sql(const shape::Column &column, bool not_null);
std::string fillfactor_option(const shape::Shape &shape);
// The storage parameters of a staging table that `present` ones lack. One that somebody has set by hand stays.
std::vector<std::string> missing_staging_options(const std::string &present);

} // namespace datasurface::change
