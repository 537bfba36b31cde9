// The column of a staging table that says which of its rows are deletes. It comes and goes with the kind of rows that are staged.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

std::string deleted_column_sql();

void change_staged_deletes(Tables &tables);

} // namespace datasurface::change
