#include "change/key.hpp"

#include "base/sqlstate.hpp"
#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

std::string list(const std::vector<std::string> &names)
{
    std::vector<std::string> quoted;
    for (const std::string &name : names)
        quoted.push_back(identifier(name));
    return sqltext::join(quoted, ", ");
}

Step reading(Step step, const Object &merge, const std::string &reason)
{
    step.cost = Class::rewrite;
    step.bytes = merge.there.bytes;
    step.reason = reason;
    return step;
}

std::string constraint_sql(const shape::Shape &shape)
{
    return "CONSTRAINT " + identifier(shape.names.merge_key.name);
}

// Why the wanted key cannot be one, as far as it is known; empty: nothing is.
std::string obstacle(const Tables &tables)
{
    std::vector<std::string> found;
    for (const std::string &name : tables.wanted.primary_key)
        if (auto const rows = tables.now.nulls.find(tables.wanted.column(name).id); rows != tables.now.nulls.end())
            found.push_back(rows->second);
    if (!tables.now.shared_keys.empty())
        found.push_back(tables.now.shared_keys);
    return sqltext::join(found, "; ");
}

void refuse_if_impossible(Tables &tables, std::vector<Step> &change)
{
    tables.asks_for_shared_keys = true;
    if (std::string const why = obstacle(tables); !why.empty())
        refuse_change(change, "(" + key_sql(tables.wanted) + ") cannot become the primary key: " + why);
}

// Such as foreign keys of users' tables: PostgreSQL does not drop a key that they need.
void refuse_if_used(Tables &tables, std::vector<Step> &change)
{
    tables.asks_for_key_users = true;
    if (tables.now.key_users.empty())
        return;
    for (Step &step : change) {
        std::string const before = step.cost == Class::refused ? step.reason + "; " : "";
        step.cost = Class::refused;
        step.reason = before + "other objects depend on the key; drop them first";
        step.dependents = tables.now.key_users;
    }
}

void add_key(Tables &tables, Object &merge)
{
    Step step = alter_table(merge.name, "ADD " + primary_key_sql(tables.wanted));
    step.kind = RelationKind::merge_key;
    step.name = tables.wanted.names.merge_key;
    step.on = merge.name;
    step = of_size(std::move(step), merge);
    if (tables.drops_key && step.cost == Class::rewrite)
        step.cost = Class::lossy; // allowed with the column that took the key along: no table is left without one
    std::vector<Step> change = {std::move(step)};
    refuse_if_impossible(tables, change);
    if (tables.take(std::move(change)))
        merge.there.primary_key = tables.wanted.primary_key;
    merge.there.key_name = tables.wanted.names.merge_key.name;
}

// The new index is built while readers go on, and takes the old one's place in a short step.
std::vector<Step> replace_key(const Tables &tables, const Object &merge, const std::string &reason)
{
    const shape::Shape &shape = tables.wanted;
    std::string const drop = "DROP " + constraint_sql(shape) + ", ADD ";
    if (!merge.there.is_large)
        return {reading(alter_table(merge.name, drop + primary_key_sql(shape)), merge, reason)};
    std::string const built = new_key_name(merge.dataset);
    bool const is_built = merge.there.new_key == shape.primary_key;
    std::vector<Step> steps;
    if (!is_built) {
        Step build{sqltext::Qualified{merge.name.schema, built}.sql(), Action::create,
                   "CREATE UNIQUE INDEX " + identifier(built) + " ON " + merge.name.sql() + " (" + key_sql(shape) +
                       ")"};
        build.lock = Lock::share;
        build.on = merge.name;
        steps.push_back(reading(std::move(build), merge, reason));
    }
    steps.push_back(
        alter_table(merge.name, drop + constraint_sql(shape) + " PRIMARY KEY USING INDEX " + identifier(built)));
    steps.back().next_transaction = !is_built;
    return steps;
}

// An index that was built for a key that the model does not want any more would go on refusing rows.
void drop_new_key(Tables &tables, Object &merge)
{
    std::vector<std::string> &built = merge.there.new_key;
    bool const is_wanted = built == tables.wanted.primary_key && merge.there.primary_key != built;
    if (built.empty() || is_wanted)
        return;
    sqltext::Qualified const index{merge.name.schema, new_key_name(merge.dataset)};
    Step step{index.sql(), Action::drop, "DROP INDEX " + index.sql()};
    step.on = merge.name;
    step.lock = Lock::access_exclusive;
    tables.take(std::move(step));
    built.clear();
}

} // namespace

std::string key_sql(const shape::Shape &shape)
{
    return list(shape.primary_key);
}

std::string primary_key_sql(const shape::Shape &shape)
{
    return constraint_sql(shape) + " PRIMARY KEY (" + key_sql(shape) + ")";
}

std::string new_key_name(int dataset)
{
    return "ds_surf_new_key_" + std::to_string(dataset);
}

void change_key(Tables &tables)
{
    Object *const merge = tables.now.find(RelationKind::merge);
    if (merge == nullptr)
        return;
    drop_new_key(tables, *merge);
    if (merge->there.primary_key == tables.wanted.primary_key)
        return;
    if (merge->there.kind != 'r') {
        if (!merge->there.primary_key.empty())
            refuse_difference(merge->name, "it is partitioned, and its primary key is (" +
                                               list(merge->there.primary_key) + "), not (" + key_sql(tables.wanted) +
                                               ")");
        return;
    }
    if (merge->there.primary_key.empty()) {
        if (!merge->there.has_key)
            add_key(tables, *merge);
        return;
    }
    const Object *const made = tables.now.find(RelationKind::merge_key);
    if (made == nullptr || made->name.name != merge->there.key_name)
        refuse_difference(merge->name, "its primary key is (" + list(merge->there.primary_key) + "), not (" +
                                           key_sql(tables.wanted) + "), and was not made by ds_reconcile_schema");
    std::string const reason = "the key changes from (" + list(merge->there.primary_key) + ") to (" +
                               key_sql(tables.wanted) + "): all rows are read, and the index is built anew";
    std::vector<Step> change = replace_key(tables, *merge, reason);
    if (merge->there.new_key != tables.wanted.primary_key)
        refuse_if_impossible(tables, change);
    refuse_if_used(tables, change);
    if (tables.take(std::move(change)))
        merge->there.primary_key = tables.wanted.primary_key;
    else
        tables.wanted.primary_key = merge->there.primary_key;
}

Error key_is_shared(const shape::Shape &shape)
{
    return Error(
        sqlstate::unique_violation,
        "table " + shape.names.merge.sql() + " has rows that share a key, so (" + key_sql(shape) +
            ") cannot become its primary key",
        "Nothing of the dataset was changed.",
        "Delete the rows that are wrong, in the source too, or load a model with another key; then reconcile again.");
}

} // namespace datasurface::change
