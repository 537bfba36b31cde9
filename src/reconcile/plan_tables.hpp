// What a dataset's tables lack.
#pragma once

#include <string>
#include <vector>

#include "reconcile/plan.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

// A view of consumers that shows a dataset, by our own record.
struct Dependent {
    shape::RelationKind kind;
    sqltext::Qualified name;
};

// views: those that exist. They are asked for only where a table is missing.
// Throws Error where a table is not ours (42P07), was renamed (42P01), or differs in a way that this cannot mend (SF004).
std::vector<Step> plan_tables(const shape::Shape &shape, const Actual &actual,
                              const std::vector<Dependent> &views = {});

// Was the merge or history table made before, and is it gone?
bool lacks_made_table(const shape::Names &names, const Actual &actual);

// The column order of tables that exist comes first: see shape::order_columns.
std::vector<std::string> payload_order(const shape::Shape &shape, const Actual &actual);

// Must readers stay out while these steps are done? Must writers of the history?
bool keeps_readers_out(const std::vector<Step> &steps);
bool builds_index(const std::vector<Step> &steps);

} // namespace datasurface::reconcile
