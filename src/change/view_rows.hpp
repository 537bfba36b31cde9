// Which rows a view of consumers shows.
#pragma once

#include "change/view.hpp"

namespace datasurface::change {

// A condition that is new or another one may take rows away from consumers. While that waits, `planned` has the condition of before; so it
// has while a column that is to leave waits, lest it show values that neither model shows. Call it when the columns of `planned` are settled.
// anew: the view is created again.
void settle_rows(Views &views, const WantedView &wanted, WantedView &planned, const ActualView &actual, bool anew);

} // namespace datasurface::change
