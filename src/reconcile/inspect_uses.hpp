// Private to reconcile: what uses the columns of a dataset's tables.
#pragma once

#include <vector>

#include "change/actual.hpp"
#include "reconcile/inspect_tables.hpp"

namespace datasurface::reconcile {

// Objects that depend on the merge and history table, and on our views on these. Needed only when a column is dropped or changes
// its type.
std::vector<change::Use> inspect_uses(const ActualDataset &dataset);

} // namespace datasurface::reconcile
