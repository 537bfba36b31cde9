#include "reconcile/plan_view_names.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace datasurface::reconcile {

namespace {

using Names = std::set<std::pair<shape::RelationKind, std::string>>;
using ByDataset = std::multimap<std::pair<shape::RelationKind, int>, const NamedView *>;

Names names_of(const std::vector<NamedView> &views)
{
    Names names;
    for (const NamedView &view : views)
        names.emplace(view.kind, view.name);
    return names;
}

ByDataset not_among(const std::vector<NamedView> &views, const Names &names)
{
    ByDataset found;
    for (const NamedView &view : views)
        if (!names.contains({view.kind, view.name}))
            found.emplace(std::pair(view.kind, view.dataset), &view);
    return found;
}

} // namespace

RenamedViews plan_view_names(const std::vector<NamedView> &records, const std::vector<NamedView> &wanted)
{
    RenamedViews plan;
    ByDataset const unclaimed = not_among(records, names_of(wanted)), missing = not_among(wanted, names_of(records));
    for (const auto &[of, view] : unclaimed) {
        auto const now = missing.find(of);
        if (unclaimed.count(of) == 1 && missing.count(of) == 1)
            plan.former.emplace(*now->second, view->name);
        else
            plan.leftover.push_back(*view);
    }
    return plan;
}

} // namespace datasurface::reconcile
