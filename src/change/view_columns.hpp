// The columns of a view of consumers, which need not be those of the tables yet: a name that consumers use goes only when that is
// allowed.
#pragma once

#include "change/view.hpp"

namespace datasurface::change {

// Brings `wanted` to the columns that the view can show as things are, in the view's order, new ones last. Answers true when it must
// be created again, because a column is no longer shown; then its drop is planned.
bool settle_columns(Views &views, WantedView &wanted, const ActualView &actual);

} // namespace datasurface::change
