#include "change/view_place.hpp"

#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using sqltext::identifier;

Step change_schema(const WantedView &wanted, const sqltext::Qualified &from)
{
    Step step = alter_view(from, "SET SCHEMA " + identifier(wanted.name.schema));
    step.kind = wanted.kind;
    step.name = wanted.name;
    step.was = from;
    step.on = from;
    step.cost = Class::lossy;
    step.reason = "who reads it finds it no longer in schema " + identifier(from.schema);
    return step;
}

} // namespace

Step change_view_owner(const sqltext::Qualified &view, const std::string &owner)
{
    Step step = alter_view(view, "OWNER TO " + identifier(owner));
    step.role = Role::loader;
    return step;
}

bool settle_owner(Views &views, const WantedView &wanted, const ActualView &actual)
{
    if (actual.dropped || actual.object.owner == wanted.owner)
        return false;
    return views.take(change_view_owner(actual.object.name, wanted.owner));
}

void settle_schema(Views &views, WantedView &wanted, const ActualView &actual, bool anew, bool is_free)
{
    const sqltext::Qualified &present = actual.object.name;
    if (present == wanted.name)
        return;
    if (!is_free)
        refuse_taken(wanted.name, "Rename it, or give the sink another name in the model.");
    if (!(anew ? views.allowed.lossy : views.take(change_schema(wanted, present))))
        wanted.name = present;
}

} // namespace datasurface::change
