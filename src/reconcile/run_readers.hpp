// Private to reconcile: USAGE on the schema of a workspace's views, for its readers.
#pragma once

#include <vector>

#include "change/tables.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/subjects.hpp"

namespace datasurface::reconcile {

void reconcile_readers(Results &results, const PermittedViews &views, const change::Allowed &allowed);

// What reconcile_readers will do if everything is allowed, once the views are where they are to be.
std::vector<change::Step> planned_readers(const PermittedViews &views);

} // namespace datasurface::reconcile
