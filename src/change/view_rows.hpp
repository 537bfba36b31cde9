// Which rows a view of consumers shows.
#pragma once

#include "change/view.hpp"

namespace datasurface::change {

// A condition that is new or another one may take rows away from consumers. While that waits, `wanted` has the condition of before.
// Call it when the columns are settled. anew: the view is created again.
void settle_rows(Views &views, WantedView &wanted, const ActualView &actual, bool anew);

} // namespace datasurface::change
