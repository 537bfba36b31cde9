// Private to reconcile: which rows do not convert to another type of their column.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "change/actual.hpp"

namespace datasurface::reconcile {

// Tries each conversion on the rows of its table, as the table's owner. Reads the table once, and parts of it again around rows that do not
// convert, until 100 of them are found. By table and id of the column: how many, and the error of the first.
std::map<std::pair<shape::RelationKind, int>, std::string>
inspect_conversions(const change::Actual &actual, const std::vector<change::Conversion> &conversions);

} // namespace datasurface::reconcile
