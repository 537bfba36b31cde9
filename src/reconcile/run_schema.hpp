// Private to reconcile: the schema of a store or workspace.
#pragma once

#include <string>
#include <vector>

#include "change/step.hpp"
#include "reconcile/attempt.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

// What creates it when it is missing. Throws 42501 when neither its owner nor the loader may.
std::vector<change::Step> planned_schema(const rights::Schema &schema, const std::string &description);

void reconcile_schema(Results &results, const rights::Schema &schema, const std::string &description);

} // namespace datasurface::reconcile
