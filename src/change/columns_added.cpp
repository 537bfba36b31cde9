#include "change/columns_added.hpp"

#include <algorithm>
#include <map>

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
    if (!column.nullable && !column.default_value)
        refuse_difference(table,
                          "it lacks column " + identifier(column.name) + ", which is not nullable and has no default");
}

// PostgreSQL keeps the default once, beside the table, and rewrites no row.
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

// The wanted columns that a table lacks. rewriting: those that PostgreSQL rewrites it for.
std::vector<shape::Column> lacking(Tables &tables, Object &table, RelationKind kind, bool rewriting)
{
    ColumnsByName const present = by_name(table.there);
    std::vector<shape::Column> columns;
    for (const shape::Column &column : tables.wanted.columns) {
        if (find(present, column.name) == nullptr && column.type.rewrites_table == rewriting)
            columns.push_back(column);
        // the second time, those that were added the first time are there
        if (!rewriting && find(present, column.name) != nullptr && !is_ours(tables.now, column))
            refuse_taken_column(table.name, column.name);
    }
    require_places(table, columns.size());
    if (kind == RelationKind::merge)
        for (const shape::Column &column : columns)
            require_default(table.name, column);
    return columns;
}

void settle(Object &table, RelationKind kind, const std::vector<shape::Column> &added)
{
    for (const shape::Column &column : added)
        table.there.columns.push_back(
            {column.name, column.type.name, kind == RelationKind::merge && !column.nullable, ""});
    table.there.places += static_cast<int>(added.size());
}

void add_to(Tables &tables, RelationKind kind)
{
    Object *const table = tables.now.find(kind);
    if (table == nullptr)
        return;
    std::vector<shape::Column> const columns = lacking(tables, *table, kind, false);
    tables.take(addition_steps(*table, kind, columns));
    settle(*table, kind, columns);
}

// Columns that wait are not wanted for the time being.
void leave_out(Tables &tables, const std::vector<shape::Column> &columns)
{
    for (const shape::Column &column : columns) {
        std::erase_if(tables.wanted.columns, [&](const shape::Column &one) { return one.id == column.id; });
        if (column.key)
            tables.wanted.primary_key = tables.now.table(RelationKind::merge)->primary_key;
    }
}

// In all tables or in none.
void add_rewriting(Tables &tables, const std::vector<RelationKind> &kinds)
{
    std::map<RelationKind, std::vector<shape::Column>> added;
    std::vector<Step> change;
    for (RelationKind const kind : kinds) {
        Object *const table = tables.now.find(kind);
        if (table == nullptr)
            continue;
        added[kind] = lacking(tables, *table, kind, true);
        for (Step &step : addition_steps(*table, kind, added[kind]))
            change.push_back(std::move(step));
    }
    if (change.empty())
        return;
    if (!tables.take(std::move(change)))
        return leave_out(tables, added[RelationKind::merge]);
    for (const auto &[kind, columns] : added)
        settle(*tables.now.find(kind), kind, columns);
}

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

std::vector<Step> addition_steps(const Object &table, RelationKind kind, const std::vector<shape::Column> &columns)
{
    std::vector<std::string> additions, defaults, domains;
    for (const shape::Column &column : columns) {
        bool const filled = kind == RelationKind::merge && !column.nullable;
        additions.push_back(addition(column, filled));
        if (filled && column.default_value)
            defaults.push_back("ALTER COLUMN " + identifier(column.name) + " DROP DEFAULT");
        if (column.type.rewrites_table)
            domains.push_back(column.type.name);
    }
    std::vector<Step> steps;
    for (const std::vector<std::string> &changes : {additions, defaults})
        if (!changes.empty())
            steps.push_back(alter_table(table.name, sqltext::join(changes, ", ")));
    if (domains.empty())
        return steps;
    steps.front().bytes = table.there.bytes;
    if (kind == RelationKind::staging)
        return steps;
    steps.front().cost = Class::rewrite;
    steps.front().reason = "the table is rewritten: a domain of the new column (" + sqltext::join(domains, ", ") +
                           ") has constraints, or a default of each row's own";
    return steps;
}

void add_columns(Tables &tables, const std::vector<RelationKind> &kinds)
{
    for (RelationKind const kind : kinds)
        add_to(tables, kind);
    add_rewriting(tables, kinds);
}

} // namespace datasurface::change
