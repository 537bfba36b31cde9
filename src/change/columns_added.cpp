#include "change/columns_added.hpp"

#include "change/create_table.hpp"
#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

// PostgreSQL keeps the default once, beside the table, and rewrites no row.
std::string addition(const sqltext::Qualified &table, const shape::Column &column, bool filled)
{
    if (!filled)
        return "ADD COLUMN " + column_sql(column, false);
    if (!column.default_value)
        refuse_difference(table,
                          "it lacks column " + identifier(column.name) + ", which is not nullable and has no default");
    return "ADD COLUMN " + column_sql(column, true) + " DEFAULT " + sqltext::literal(*column.default_value) +
           "::" + column.type.name;
}

} // namespace

void add_columns(Tables &tables, RelationKind kind)
{
    Object &table = *tables.now.find(kind);
    ColumnsByName const present = by_name(table.there);
    std::vector<std::string> additions, defaults;
    std::vector<ActualColumn> added;
    for (const shape::Column &column : tables.wanted.columns) {
        if (find(present, column.name) != nullptr)
            continue;
        bool const filled = kind == RelationKind::merge && !column.nullable;
        additions.push_back(addition(table.name, column, filled));
        if (filled)
            defaults.push_back("ALTER COLUMN " + identifier(column.name) + " DROP DEFAULT");
        added.push_back({column.name, column.type.name, filled, ""});
    }
    if (additions.empty())
        return;
    table.there.columns.insert(table.there.columns.end(), added.begin(), added.end());
    tables.take(alter_table(table.name, sqltext::join(additions, ", ")));
    if (!defaults.empty())
        tables.take(alter_table(table.name, sqltext::join(defaults, ", ")));
}

} // namespace datasurface::change
