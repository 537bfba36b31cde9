#include "change/columns_added.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "change/create_table.hpp"
#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

void require_default(const sqltext::Qualified &table, const shape::Column &column)
{
    if (!column.default_value)
        refuse_difference(table,
                          "it lacks column " + identifier(column.name) + ", which is not nullable and has no default");
}

std::string addition(const shape::Column &column, bool filled)
{
    std::string const with_default =
        filled && column.default_value ? " DEFAULT " + sqltext::literal(*column.default_value) + "::" + column.type.name
                                       : "";
    return "ADD COLUMN " + column_sql(column, filled) + with_default;
}

// Those that reconcile has made, and their names may have changed in this plan. Without such a record nobody knows.
bool is_ours(const Actual &actual, const shape::Column &column)
{
    return actual.made_columns.empty() || actual.made_columns.contains(column.id) ||
           std::any_of(actual.made_columns.begin(), actual.made_columns.end(),
                       [&](const auto &made) { return made.second == column.name; });
}

// Batches would write over the values of it.
[[noreturn]] void refuse_taken_column(const sqltext::Qualified &table, const std::string &column)
{
    std::string const name = identifier(column);
    throw Error(sqlstate::cannot_reconcile,
                "table " + table.sql() + " has a column " + name +
                    " that ds_reconcile_schema did not make, and the model adds one of that name",
                "It is left as it is: batches would write over its values.",
                "Rename it, with ALTER TABLE " + table.sql() + " RENAME COLUMN " + name +
                    " TO another name; or drop it; or give the model's column another name. Then reconcile again.");
}

constexpr std::size_t most_columns = 1600; // PostgreSQL's MaxHeapAttributeNumber

} // namespace

void require_places(const Object &table, std::size_t additions)
{
    std::size_t const taken = static_cast<std::size_t>(table.there.places), present = table.there.columns.size();
    if (taken + additions <= most_columns || taken <= present)
        return;
    throw Error(
        sqlstate::cannot_reconcile,
        "table " + table.name.sql() + " has no place for " +
            counted(static_cast<std::int64_t>(additions), "column", "columns") + " more",
        "PostgreSQL gives a table 1600 places, and a column that is dropped keeps its own: " + std::to_string(present) +
            " are of columns that are there, " + std::to_string(taken - present) + " of dropped ones.",
        "Make the table anew without them: pg_dump --table, DROP TABLE ... CASCADE, and restore it. Then reconcile "
        "again, which makes our views and functions on it again, without their grants.");
}

std::vector<Step> addition_steps(const Object &table, const std::vector<shape::Column> &columns, bool filled)
{
    std::vector<std::string> additions, defaults;
    for (const shape::Column &column : columns) {
        bool const gets_default = filled && !column.nullable;
        additions.push_back(addition(column, gets_default));
        if (gets_default && column.default_value)
            defaults.push_back("ALTER COLUMN " + identifier(column.name) + " DROP DEFAULT");
    }
    std::vector<Step> steps;
    // PostgreSQL keeps the default once, beside the table, and rewrites no row
    for (const std::vector<std::string> &changes : {additions, defaults})
        if (!changes.empty())
            steps.push_back(alter_table(table.name, sqltext::join(changes, ", ")));
    return steps;
}

void add_columns(Tables &tables, RelationKind kind)
{
    Object &table = *tables.now.find(kind);
    bool const filled = kind == RelationKind::merge;
    ColumnsByName const present = by_name(table.there);
    std::vector<shape::Column> added;
    for (const shape::Column &column : tables.wanted.columns) {
        if (find(present, column.name) == nullptr)
            added.push_back(column);
        else if (!is_ours(tables.now, column))
            refuse_taken_column(table.name, column.name);
    }
    require_places(table, added.size());
    for (const shape::Column &column : added) {
        bool const not_null = filled && !column.nullable;
        if (not_null)
            require_default(table.name, column);
        table.there.columns.push_back({column.name, column.type.name, not_null, ""});
    }
    tables.take(addition_steps(table, added, filled));
}

} // namespace datasurface::change
