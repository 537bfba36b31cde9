// What uses a column of a merge or history table stands in the way when the column is dropped or changes its type.
#pragma once

#include <string>
#include <vector>

#include "change/tables.hpp"

namespace datasurface::change {

// Takes the steps of one change of these columns, behind steps that clear the way: the as-of function gets an empty body, so that
// it keeps its grants; views of consumers are dropped. Objects of others are named in the
// steps, which are refused then.
bool take_with_dependents(Tables &tables, std::vector<Step> change, const std::vector<std::string> &columns);

} // namespace datasurface::change
