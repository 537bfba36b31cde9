#include "change/readers.hpp"

#include <algorithm>

namespace datasurface::change {

namespace {

Step step_of(const Readable &object, Action action, const std::string &role)
{
    Step step;
    step.object = object.sql();
    step.action = action;
    step.name = object.name;
    step.role = object.role;
    step.reader = role;
    return step;
}

Step grant(const Readable &object, const Reader &reader)
{
    Step step = step_of(object, Action::grant, reader.role);
    step.statement = "GRANT " + object.privilege + object.sql() + " TO " + role_sql(reader.role);
    step.reason = reader.exists ? object.refusal : "role " + role_sql(reader.role) + " does not exist";
    if (!step.reason.empty())
        step.cost = Class::refused;
    return step;
}

// It must not show a new reader what neither model shows him.
Step later(Step grant)
{
    if (grant.cost == Class::refused)
        return grant;
    grant.cost = Class::lossy;
    grant.reason = "the view must be as the model wants it before";
    return grant;
}

Step revoke(const Readable &object, const std::string &role)
{
    Step step = step_of(object, Action::revoke, role);
    step.statement = "REVOKE " + object.privilege + object.sql() + " FROM " + role_sql(role);
    step.cost = Class::lossy;
    step.reason = role_sql(role) + " is no longer a reader";
    return step;
}

} // namespace

Readable select_on(const sqltext::Qualified &view)
{
    return {"SELECT ON ", view, Role::store_owner, {}};
}

Readable usage_on(const std::string &schema)
{
    return {"USAGE ON SCHEMA ", {schema, {}}, Role::workspace_owner, {}};
}

std::string role_sql(const std::string &role)
{
    return role == "public" ? "PUBLIC" : sqltext::identifier(role);
}

void settle_readers(Planned &plan, const Readable &object, const Readers &readers)
{
    for (const Reader &reader : readers.wanted) {
        bool const there = readers.there.contains(reader.role), ours = readers.ours.contains(reader.role);
        if (!there && readers.object_waits)
            plan.waiting.push_back(later(grant(object, reader)));
        else if (!there)
            plan.take(grant(object, reader));
        else if (!ours && readers.shared.contains(reader.role))
            plan.take(step_of(object, Action::grant,
                              reader.role)); // only a record: it stays when the other workspace revokes it
    }
    for (const std::string &role : readers.ours) {
        if (std::any_of(readers.wanted.begin(), readers.wanted.end(),
                        [&](const Reader &reader) { return reader.role == role; }))
            continue;
        if (readers.there.contains(role) && !readers.shared.contains(role))
            plan.take(revoke(object, role));
        else
            plan.take(step_of(object, Action::revoke, role)); // only the record goes
    }
}

} // namespace datasurface::change
