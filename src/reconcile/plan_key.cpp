#include "reconcile/plan_key.hpp"

#include "base/sqlstate.hpp"

namespace datasurface::reconcile {

namespace {

std::string list(const std::vector<std::string> &names)
{
    std::vector<std::string> quoted;
    for (const std::string &name : names)
        quoted.push_back(sqltext::identifier(name));
    return sqltext::join(quoted, ", ");
}

} // namespace

std::string key_sql(const shape::Shape &shape)
{
    return list(shape.primary_key);
}

std::string primary_key_sql(const shape::Shape &shape)
{
    return "CONSTRAINT " + sqltext::identifier(shape.names.merge_key.name) + " PRIMARY KEY (" + key_sql(shape) + ")";
}

std::optional<Step> plan_key(const shape::Shape &shape, const ActualRelation &merge)
{
    if (merge.has_key)
        return std::nullopt;
    std::string const table = shape.names.merge.sql();
    if (!merge.primary_key.empty())
        refuse_difference(shape.names.merge, "its primary key is (" + list(merge.primary_key) + "), not (" +
                                                 key_sql(shape) + "), and no unique index is on these columns");
    return Step{table,
                Action::alter,
                "ALTER TABLE " + table + " ADD " + primary_key_sql(shape),
                shape::RelationKind::index,
                shape.names.merge_key,
                true};
}

Error key_is_shared(const shape::Shape &shape)
{
    std::string const key = key_sql(shape), table = shape.names.merge.sql();
    return Error(
        sqlstate::unique_violation,
        "table " + table + " has rows that share a key, so its primary key cannot be created again",
        "The key was dropped after ds_reconcile_schema made it. Batches of the dataset fail until it is restored.",
        "SELECT " + key + ", count(*) FROM " + table + " GROUP BY " + key +
            " HAVING count(*) > 1; lists them. Delete the rows that are wrong, and reconcile again.");
}

} // namespace datasurface::reconcile
