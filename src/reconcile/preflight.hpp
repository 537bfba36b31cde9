// Reads the facts for plan_preflight from the catalogs and the server.
#pragma once

#include <vector>

#include "reconcile/plan_preflight.hpp"

namespace datasurface::reconcile {

std::vector<Advice> preflight();

} // namespace datasurface::reconcile
