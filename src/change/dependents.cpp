#include "change/dependents.hpp"

#include <algorithm>
#include <set>

#include "change/as_of.hpp"

namespace datasurface::change {

namespace {

Step drop_view(const Dependent &view, Class cost)
{
    Step step{view.name.sql(), Action::drop, "DROP VIEW " + view.name.sql(), view.kind, view.name};
    step.lock = Lock::access_exclusive;
    step.cost = cost;
    step.reason = "it is created again, with its grants, when the table is changed";
    return step;
}

bool uses_one_of(const Use &use, const std::vector<std::string> &columns)
{
    return use.column.empty() || contains(columns, use.column);
}

// They are taken together, so where one is refused, all are.
void refuse_together(std::vector<Step> &change)
{
    auto const refused =
        std::find_if(change.begin(), change.end(), [](const Step &step) { return step.cost == Class::refused; });
    if (refused == change.end())
        return;
    for (Step &step : change)
        if (step.cost != Class::refused) {
            step.cost = Class::refused;
            step.reason = "it is taken together with the step of " + refused->object;
        }
}

} // namespace

bool take_with_dependents(Tables &tables, std::vector<Step> change, const std::vector<std::string> &columns)
{
    tables.asks_for_uses = true;
    std::set<std::string> foreign;
    std::vector<Dependent> views;
    Class cost = Class::safe;
    for (const Step &step : change)
        cost = std::max(cost, step.cost);
    for (const Use &use : tables.now.uses) {
        if (!uses_one_of(use, columns))
            continue;
        if (!use.view)
            foreign.insert(use.object);
        else if (std::find(views.begin(), views.end(), *use.view) == views.end())
            views.push_back(*use.view);
    }
    std::vector<Step> all;
    for (const Dependent &view : views)
        all.push_back(drop_view(view, cost));
    std::optional<Step> empty = empty_as_of(tables);
    if (empty)
        all.push_back(*empty);
    if (!foreign.empty())
        for (Step &step : change) {
            std::string const before = step.cost == Class::refused ? step.reason + "; " : "";
            step.cost = Class::refused;
            step.reason = before + "other objects depend on it; drop them first";
            step.dependents.assign(foreign.begin(), foreign.end());
        }
    all.insert(all.end(), change.begin(), change.end());
    refuse_together(all);
    if (!tables.take(std::move(all)))
        return false;
    if (empty)
        tables.now.find(shape::RelationKind::as_of)->definition = empty->statement;
    for (const Dependent &view : views)
        std::erase_if(tables.now.uses, [&](const Use &use) { return use.view == view; });
    return true;
}

} // namespace datasurface::change
