#include "change/drop_dataset.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "shape/tables.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;

// What depends on another comes before it.
constexpr RelationKind in_order[] = {RelationKind::view,  RelationKind::full_view, RelationKind::as_of,
                                     RelationKind::merge, RelationKind::history,   RelationKind::staging};

[[noreturn]] void refuse_other(const std::string &object, const std::string &how)
{
    throw Error(sqlstate::cannot_reconcile, object + " is not as ds_reconcile_schema made it: " + how,
                "It may be somebody else's, and is left as it is. Nothing was dropped.",
                "Rename it, drop it, or put it back as it was; then call again.");
}

void require_ours(const Dropped &dropped, const std::string &object)
{
    if (!dropped.object.changes.empty())
        refuse_other(object, dropped.object.changes);
    if (is_view(dropped.kind) || dropped.kind == RelationKind::as_of)
        return;
    const ActualRelation &there = dropped.object.there;
    if (there.kind != 'r' && there.kind != 'p')
        refuse_other(object, "it is no table");
    if (there.owner != dropped.object.owner)
        refuse_other(object, "it belongs to role \"" + there.owner + "\"");
    std::string_view const system = dropped.kind == RelationKind::staging ? shape::arrival : shape::batch_in;
    if (std::none_of(there.columns.begin(), there.columns.end(),
                     [&](const ActualColumn &column) { return column.name == system; }))
        refuse_other(object, "it has no column " + sqltext::identifier(system));
}

DropStep step_for(const Dropped &dropped)
{
    const sqltext::Qualified &name = dropped.object.name;
    bool const is_function = dropped.kind == RelationKind::as_of;
    std::string const object = name.sql() + (is_function ? "(integer)" : "");
    require_ours(dropped, object);
    std::string const type = is_function ? "FUNCTION " : is_view(dropped.kind) ? "VIEW " : "TABLE ";
    DropStep drop{{object, Action::drop, "DROP " + type + object, dropped.kind, name}, dropped.role};
    drop.step.cost = Class::lossy;
    drop.step.lock = is_function ? Lock::none : Lock::access_exclusive;
    return drop;
}

} // namespace

std::vector<DropStep> drop_dataset(const std::string &title, const std::vector<Dropped> &objects,
                                   const std::vector<std::string> &dependents)
{
    std::vector<DropStep> steps;
    for (RelationKind const kind : in_order)
        for (const Dropped &dropped : objects)
            if (dropped.kind == kind && dropped.object.exists)
                steps.push_back(step_for(dropped));
    if (!dependents.empty())
        throw Error(sqlstate::dependent_objects_still_exist,
                    "other objects depend on " + title + ", and it cannot be dropped",
                    sqltext::join(dependents, ", ") + ".", "Drop them first, or make them depend on something else.");
    return steps;
}

} // namespace datasurface::change
