// Private to reconcile: what uses the columns of a dataset's tables.
#pragma once

#include <string>
#include <vector>

#include "change/actual.hpp"
#include "reconcile/inspect_tables.hpp"

namespace datasurface::reconcile {

// Objects that depend on the merge and history table, and on our views on these. Needed only when a column is dropped or changes
// its type.
std::vector<change::Use> inspect_uses(const ActualDataset &dataset);

// Objects that depend on the primary key of a table, such as foreign keys.
std::vector<std::string> inspect_key_users(const sqltext::Qualified &table);

// Objects that depend on a view, or on its row type.
std::vector<std::string> dependents_of(const sqltext::Qualified &view);

} // namespace datasurface::reconcile
