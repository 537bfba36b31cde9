// Private to reconcile: datasets that have left the model, for the plan. Nothing is done about them: see drop.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconcile/show.hpp"

namespace datasurface::reconcile {

// caller, store: as for show
std::vector<ShownOrphan> shown_orphans(const std::string &caller, const std::optional<std::string> &store);

} // namespace datasurface::reconcile
