#include "change/owner.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

bool changes_owner(const Tables &tables, RelationKind kind, const Object &object)
{
    if (!object.exists)
        return false;
    if (kind == RelationKind::as_of)
        return object.owner != tables.wanted.owner;
    return is_table(kind) && object.there.owner != tables.wanted.owner;
}

void require_present_owner(RelationKind kind, const Object &object)
{
    if (kind == RelationKind::as_of)
        require_as_made(object, object.name.sql() + "(integer)");
    else if (object.there.owner != object.owner)
        refuse_difference(object.name, "it does not belong to the owner of the store");
}

Step owner_step(RelationKind kind, const Object &object, const std::string &owner)
{
    bool const is_function = kind == RelationKind::as_of;
    Step step;
    step.object = object.name.sql() + (is_function ? "(integer)" : "");
    step.action = Action::alter;
    step.statement =
        std::string("ALTER ") + (is_function ? "FUNCTION " : "TABLE ") + step.object + " OWNER TO " + identifier(owner);
    step.name = object.name;
    step.lock = is_function ? Lock::none : Lock::access_exclusive;
    step.role = Role::loader;
    return step;
}

} // namespace

void change_owner(Tables &tables)
{
    std::vector<Step> steps;
    std::string present;
    for (const auto &[kind, object] : tables.now.ours) {
        if (!changes_owner(tables, kind, object))
            continue;
        require_present_owner(kind, object);
        steps.push_back(owner_step(kind, object, tables.wanted.owner));
        present = object.owner;
    }
    if (steps.empty())
        return;
    tables.asks_for_code = true;
    refuse_code(steps, tables.now.code);
    if (!tables.take(std::move(steps))) {
        tables.wanted.owner = present;
        return;
    }
    for (auto &[kind, object] : tables.now.ours)
        if (is_table(kind) && object.exists)
            object.there.owner = tables.wanted.owner;
}

void refuse_code(std::vector<Step> &steps, const std::vector<std::string> &code)
{
    if (code.empty())
        return;
    for (Step &step : steps) {
        step.cost = Class::refused;
        step.reason =
            "code of others on it would run with the rights of the new owner; drop it, and add it again as the "
            "new owner";
        step.dependents = code;
    }
}

void require_no_code(const sqltext::Qualified &object, const std::vector<std::string> &code)
{
    if (!code.empty())
        throw Error(sqlstate::cannot_reconcile, object.sql() + " cannot get another owner",
                    "Code of others would run with the rights of the new owner: " + sqltext::join(code, ", ") + ".",
                    "Drop it, and reconcile again. Add it again as the new owner.");
}

} // namespace datasurface::change
