// Plans the changes that a dataset's tables need.
#pragma once

#include <string>
#include <vector>

#include "reconcile/plan.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

// A view of consumers that shows a dataset, by our records.
struct Dependent {
    shape::RelationKind kind;
    sqltext::Qualified name;
};

// views: existing ones; needed only when a table is missing.
// Throws 42P07 when a table is not ours, 42P01 when it was renamed, SF004 when it differs in a way that no step can change.
std::vector<Step> plan_tables(const shape::Shape &shape, const Actual &actual,
                              const std::vector<Dependent> &views = {});

// True when the merge or history table was made before and no longer exists.
bool lacks_made_table(const shape::Names &names, const Actual &actual);

// Existing columns keep the order of their tables: see shape::order_columns.
std::vector<std::string> payload_order(const shape::Shape &shape, const Actual &actual);

// True when the steps conflict with readers; true when they conflict with writers of the history.
bool keeps_readers_out(const std::vector<Step> &steps);
bool builds_index(const std::vector<Step> &steps);

} // namespace datasurface::reconcile
