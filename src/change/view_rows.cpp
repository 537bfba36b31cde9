#include "change/view_rows.hpp"

#include <algorithm>
#include <utility>

namespace datasurface::change {

namespace {

// Of a column that is to leave, and stays.
bool shows_more_columns(const WantedView &wanted, const WantedView &planned)
{
    return std::any_of(planned.columns.begin(), planned.columns.end(), [&](const ViewColumn &column) {
        return std::none_of(wanted.columns.begin(), wanted.columns.end(),
                            [&](const ViewColumn &other) { return other.shows_same(column); });
    });
}

} // namespace

void settle_rows(Views &views, const WantedView &wanted, WantedView &planned, const ActualView &actual, bool anew)
{
    if (actual.shows_wanted_rows)
        return;
    bool const columns_wait = shows_more_columns(wanted, planned);
    if (planned.where.empty() && !columns_wait)
        return;
    bool waits = anew && !views.allowed.lossy;
    if (!anew) {
        Step step = make_view(Action::replace, planned);
        step.cost = Class::lossy;
        step.reason = columns_wait ? "rows that it does not show now would show columns that are to leave before"
                                   : "rows that do not meet its condition are no longer shown";
        waits = columns_wait || !views.take(step);
        if (columns_wait)
            views.waiting.push_back(std::move(step));
    }
    if (waits)
        planned.where = actual.where;
}

} // namespace datasurface::change
