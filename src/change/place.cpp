#include "change/place.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;
using sqltext::Qualified;

bool is_function(RelationKind kind)
{
    return kind == RelationKind::as_of;
}

std::string type_word(RelationKind kind)
{
    if (is_table(kind))
        return "TABLE ";
    if (is_function(kind))
        return "FUNCTION ";
    return kind == RelationKind::sequence ? "SEQUENCE " : "INDEX ";
}

std::string object_sql(RelationKind kind, const Qualified &name)
{
    return name.sql() + (is_function(kind) ? "(integer)" : "");
}

void require_free(const Actual &actual, RelationKind kind, const Qualified &from, const Qualified &name)
{
    const std::set<Qualified> &taken = is_function(kind) ? actual.functions : actual.relations;
    if (taken.count(name) > 0)
        throw Error(sqlstate::duplicate_table, from.sql() + " cannot get the name " + name.sql() + ", which is taken",
                    "Nothing of the dataset was changed.", "Rename what has that name.");
}

// Indexes and sequences follow their table into another schema.
Step move_step(RelationKind kind, const Qualified &from, const Qualified &to, const std::string &change)
{
    Step step;
    step.object = object_sql(kind, from);
    step.action = Action::alter;
    step.statement = "ALTER " + type_word(kind) + object_sql(kind, from) + " " + change;
    step.kind = kind;
    step.name = to;
    step.was = from;
    step.on = from;
    // of an index, SHARE UPDATE EXCLUSIVE would do
    step.lock = is_function(kind) ? Lock::none : Lock::access_exclusive;
    return step;
}

// role: who may do so in the schemas before and after
void change_name(Tables &tables, RelationKind kind, Object &object, Role role)
{
    Qualified const &wanted = wanted_name(tables.wanted.names, kind);
    Qualified const from = object.name;
    if (from == wanted)
        return;
    require_free(tables.now, kind, from, wanted);
    Qualified const moved = {wanted.schema, from.name};
    bool const follows = !is_table(kind) && !is_function(kind);
    auto const move = [&](const Qualified &before, const Qualified &after, const std::string &change) {
        Step step = move_step(kind, before, after, change);
        step.role = role;
        tables.take(std::move(step));
    };
    if (from.schema != wanted.schema && !follows)
        move(from, moved, "SET SCHEMA " + identifier(wanted.schema));
    else if (from.schema != wanted.schema)
        tables.take(Step{moved.sql(), Action::record, "", kind, moved, Lock::none, Class::safe, "", {}, from});
    if (moved != wanted)
        move(moved, wanted, "RENAME TO " + identifier(wanted.name));
    object.name = wanted;
    if (ActualRelation *const merge = tables.now.table(RelationKind::merge);
        kind == RelationKind::merge_key && merge != nullptr && merge->key_name == from.name)
        merge->key_name = wanted.name;
}

} // namespace

void move_objects(Tables &tables)
{
    // a change of owner was planned before, and neither owner need have a right in the schema of the other
    Role const mover = tables.asks_for_code ? Role::loader : Role::store_owner;
    for (auto &[kind, object] : tables.now.ours)
        if (object.exists)
            change_name(tables, kind, object, mover);
        else if (Qualified const &wanted = wanted_name(tables.wanted.names, kind); object.name != wanted) {
            // The record follows. Under the old name it would stand beside that of the object that is made instead.
            tables.take(
                Step{wanted.sql(), Action::record, "", kind, wanted, Lock::none, Class::safe, "", {}, object.name});
            object.name = wanted;
        }
}

} // namespace datasurface::change
