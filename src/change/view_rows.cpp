#include "change/view_rows.hpp"

namespace datasurface::change {

void settle_rows(Views &views, WantedView &wanted, const ActualView &actual, bool anew)
{
    if (actual.shows_wanted_rows || wanted.where.empty())
        return;
    bool waits = anew && !views.allowed.lossy;
    if (!anew) {
        Step step = make_view(Action::replace, wanted);
        step.cost = Class::lossy;
        step.reason = "rows that do not meet its condition are no longer shown";
        waits = !views.take(std::move(step));
    }
    if (waits)
        wanted.where = actual.where;
}

} // namespace datasurface::change
