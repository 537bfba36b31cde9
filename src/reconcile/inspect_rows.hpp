// Private to reconcile: which rows of a merge table keep columns from becoming NOT NULL, and a key from being one.
#pragma once

#include <vector>

#include "change/actual.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

// Fills actual.nulls for the columns of these ids, and actual.shared_keys for the key of `wanted`. Reads the table once for each of them, as
// its owner, and counts up to 100. What cannot be known from the values of now is left to the step: a key whose columns change their types.
void inspect_rows(change::Actual &actual, const shape::Shape &wanted, const std::vector<int> &not_null, bool keys);

} // namespace datasurface::reconcile
