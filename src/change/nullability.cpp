#include "change/nullability.hpp"

#include <algorithm>

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

Step validating(Step step, Lock lock, const Object &merge, const std::string &reason)
{
    step.lock = lock;
    step.cost = Class::rewrite;
    step.bytes = merge.there.bytes;
    step.reason = reason;
    return step;
}

std::string check_name(int column)
{
    return "ds_surf_not_null_" + std::to_string(column);
}

// PostgreSQL reads all rows. Of a large table it does so for a CHECK constraint, while readers and writers go on; then SET NOT NULL
// trusts the constraint.
std::vector<Step> not_null_steps(const Object &merge, const shape::Column &column)
{
    std::string const name = identifier(column.name);
    std::string const reason = "all rows are read to see that column " + name + " has no NULL";
    std::string const constraint = identifier(check_name(column.id));
    Step const last = alter_table(merge.name, "ALTER COLUMN " + name + " SET NOT NULL");
    auto const check = merge.there.checks.find(column.id);
    bool const present = check != merge.there.checks.end();
    if (!present && !merge.there.is_large)
        return {validating(last, Lock::access_exclusive, merge, reason)};
    std::vector<Step> steps;
    if (!present)
        // not IS NOT NULL, which is false too for a composite value with a NULL in it
        steps.push_back(alter_table(merge.name, "ADD CONSTRAINT " + constraint + " CHECK (" + name +
                                                    " IS DISTINCT FROM NULL) NOT VALID"));
    if (!present || !check->second) {
        steps.push_back(validating(alter_table(merge.name, "VALIDATE CONSTRAINT " + constraint),
                                   Lock::share_update_exclusive, merge, reason));
        steps.back().next_transaction = !present;
    }
    steps.push_back(alter_table(merge.name, "ALTER COLUMN " + name + " SET NOT NULL, DROP CONSTRAINT " + constraint));
    steps.back().next_transaction = steps.size() > 1;
    return steps;
}

// Of a NOT NULL that the model does not want any more. The constraint would go on refusing rows.
void drop_checks(Tables &tables, Object &merge)
{
    ColumnsByName const present = by_name(merge.there);
    auto const is_wanted = [&](int id) {
        return std::any_of(tables.wanted.columns.begin(), tables.wanted.columns.end(), [&](const auto &column) {
            const ActualColumn *const actual = find(present, column.name);
            return column.id == id && !column.nullable && actual != nullptr && !actual->not_null;
        });
    };
    std::erase_if(merge.there.checks, [&](const auto &check) {
        if (is_wanted(check.first))
            return false;
        tables.take(alter_table(merge.name, "DROP CONSTRAINT " + identifier(check_name(check.first))));
        return true;
    });
}

} // namespace

void set_not_null(Tables &tables)
{
    Object *const merge = tables.now.find(RelationKind::merge);
    if (merge == nullptr)
        return;
    drop_checks(tables, *merge);
    ColumnsByName const present = by_name(merge->there);
    for (shape::Column &column : tables.wanted.columns) {
        ActualColumn *const actual = find(present, column.name);
        if (actual == nullptr || actual->not_null || column.nullable)
            continue;
        std::vector<Step> change = not_null_steps(*merge, column);
        tables.becoming_not_null.push_back(column.id);
        if (auto const rows = tables.now.nulls.find(column.id); rows != tables.now.nulls.end())
            refuse_change(change, identifier(column.name) + " cannot become NOT NULL: " + rows->second);
        if (tables.take(std::move(change)))
            actual->not_null = true;
        else
            column.nullable = !column.key;
    }
}

void drop_not_null(Tables &tables)
{
    for (RelationKind const kind : {RelationKind::merge, RelationKind::history}) {
        Object *const table = tables.now.find(kind);
        if (table == nullptr)
            continue;
        ColumnsByName const present = by_name(table->there);
        std::vector<std::string> changes;
        for (const shape::Column &column : tables.wanted.columns) {
            ActualColumn *const actual = find(present, column.name);
            if (actual == nullptr || !actual->not_null || !column.nullable)
                continue;
            if (contains(table->there.primary_key, column.name))
                continue; // PostgreSQL allows no NULL in it
            changes.push_back("ALTER COLUMN " + identifier(column.name) + " DROP NOT NULL");
            actual->not_null = false;
        }
        if (changes.empty())
            continue;
        Step step = alter_table(table->name, sqltext::join(changes, ", "));
        // a column may not have left the key before
        step.next_transaction = std::any_of(tables.steps.begin(), tables.steps.end(),
                                            [](const Step &other) { return other.next_transaction; });
        tables.take(std::move(step));
    }
}

} // namespace datasurface::change
