// Plans the changes that a dataset's tables need: the order in which src/change makes them.
#pragma once

#include <string>
#include <vector>

#include "change/tables.hpp"

namespace datasurface::reconcile {

// Throws 42P07 when a table is not ours, 42P01 when it was renamed, SF004 when it differs in a way that no step can change.
change::Tables plan_tables(const shape::Shape &wanted, const change::Actual &actual, const change::Allowed &allowed);

// Existing columns keep the order of their tables, new ones come last: see shape::order_columns.
std::vector<std::string> payload_order(const shape::Shape &wanted, const change::Actual &actual);

// The strongest lock that a step needs.
change::Lock lock_of(const std::vector<change::Step> &steps);

} // namespace datasurface::reconcile
