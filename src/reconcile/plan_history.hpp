// Private to reconcile: what a milestoned dataset has beside its tables: the indexes of its history, and its _as_of function.
#pragma once

#include <vector>

#include "reconcile/plan.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

// Both throw 42P07 when an object of somebody else has the name; plan_as_of throws SF004 when somebody changed the function.
void plan_history_indexes(std::vector<Step> &steps, const shape::Shape &shape, const Actual &actual);
void plan_as_of(std::vector<Step> &steps, const shape::Shape &shape, const Actual &actual);

} // namespace datasurface::reconcile
