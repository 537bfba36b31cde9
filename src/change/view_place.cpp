#include "change/view_place.hpp"

#include "change/owner.hpp"
#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using sqltext::identifier;

Step move(const WantedView &wanted, const sqltext::Qualified &from, const sqltext::Qualified &to,
          const std::string &change, const std::string &where)
{
    Step step = alter_view(from, change);
    step.kind = wanted.kind;
    step.name = to;
    step.was = from;
    step.on = from;
    step.cost = Class::lossy;
    step.reason = "who reads it finds it no longer " + where;
    return step;
}

std::vector<Step> moves(const WantedView &wanted, sqltext::Qualified present)
{
    std::vector<Step> steps;
    if (present.schema != wanted.name.schema) {
        sqltext::Qualified const there{wanted.name.schema, present.name};
        steps.push_back(move(wanted, present, there, "SET SCHEMA " + identifier(there.schema),
                             "in schema " + identifier(present.schema)));
        present = there;
    }
    if (present.name != wanted.name.name)
        steps.push_back(move(wanted, present, wanted.name, "RENAME TO " + identifier(wanted.name.name),
                             "under the name " + identifier(present.name)));
    return steps;
}

} // namespace

Step change_view_owner(const sqltext::Qualified &view, const std::string &owner)
{
    Step step = alter_view(view, "OWNER TO " + identifier(owner));
    step.role = Role::loader;
    return step;
}

bool gets_another_owner(const WantedView &wanted, const ActualView &actual)
{
    return actual.object.owner != wanted.owner;
}

bool settle_owner(Views &views, const WantedView &wanted, const ActualView &actual)
{
    if (!gets_another_owner(wanted, actual))
        return true;
    views.asks_for_dependents = true;
    std::vector<Step> steps = {change_view_owner(actual.object.name, wanted.owner)};
    refuse_code(steps, actual.code);
    return views.take(std::move(steps));
}

void settle_name(Views &views, WantedView &wanted, const ActualView &actual, bool anew, bool is_free)
{
    const sqltext::Qualified &present = actual.object.name;
    if (present == wanted.name)
        return;
    if (!is_free)
        refuse_taken(wanted.name, "Rename it, or give the sink another name in the model.");
    if (!(anew ? views.allowed.lossy : views.take(moves(wanted, present))))
        wanted.name = present;
}

} // namespace datasurface::change
