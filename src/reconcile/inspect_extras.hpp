// Private to reconcile: what a view of consumers has beside its query. It goes when the view is dropped.
#pragma once

#include <vector>

#include "change/view.hpp"

namespace datasurface::reconcile {

std::vector<change::ViewExtra> extras_of(const sqltext::Qualified &view);

} // namespace datasurface::reconcile
