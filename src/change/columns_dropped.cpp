#include "change/columns_dropped.hpp"

#include <set>

#include "change/dependents.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

std::vector<std::pair<int, std::string>> leaving(const Tables &tables)
{
    std::set<int> staying;
    for (const shape::Column &column : tables.wanted.columns)
        staying.insert(column.id);
    std::vector<std::pair<int, std::string>> columns;
    for (const auto &[id, name] : tables.now.made_columns)
        if (staying.count(id) == 0)
            columns.emplace_back(id, name);
    return columns;
}

// PostgreSQL drops constraints and indexes with a column of theirs.
void forget_column(Tables &tables, RelationKind kind, int id, const std::string &name)
{
    ActualRelation &table = *tables.now.table(kind);
    std::erase_if(table.columns, [&](const ActualColumn &column) { return column.name == name; });
    table.checks.erase(id);
    if (contains(table.new_key, name))
        table.new_key.clear();
    if (!contains(table.primary_key, name))
        return;
    table.primary_key.clear();
    table.has_key = false;
    tables.drops_key = true;
    tables.now.ours.at(RelationKind::merge_key).exists = false;
}

// The index on the key of the history goes with a column of the key.
void forget_history_key(Tables &tables, const std::string &column)
{
    Object *const index = tables.now.find(RelationKind::history_key_index);
    if (index == nullptr || find_column(index->there, column) == nullptr)
        return;
    index->exists = false;
    tables.now.relations.erase(index->name);
}

void keep(Tables &tables, const std::vector<std::pair<int, std::string>> &columns)
{
    for (const auto &[id, name] : columns)
        tables.kept_columns.push_back(name);
}

} // namespace

void drop_columns(Tables &tables)
{
    std::vector<std::pair<int, std::string>> const columns = leaving(tables);
    std::vector<Step> change;
    for (RelationKind const kind : table_kinds) {
        Object *const table = tables.now.find(kind);
        if (table == nullptr)
            continue;
        std::vector<std::string> drops;
        for (const auto &[id, name] : columns)
            if (find_column(table->there, name) != nullptr)
                drops.push_back("DROP COLUMN " + identifier(name));
        if (drops.empty())
            continue;
        change.push_back(alter_table(table->name, sqltext::join(drops, ", ")));
        change.back().cost = Class::lossy;
        change.back().reason = "the values of the column are lost, also those of closed versions";
    }
    if (change.empty())
        return;
    std::vector<std::string> names;
    for (const auto &[id, name] : columns)
        names.push_back(name);
    if (!take_with_dependents(tables, std::move(change), names))
        return keep(tables, columns);
    for (RelationKind const kind : table_kinds)
        for (const auto &[id, name] : columns)
            if (tables.now.table(kind) != nullptr)
                forget_column(tables, kind, id, name);
    for (const auto &[id, name] : columns) {
        forget_history_key(tables, name);
        tables.now.made_columns.erase(id);
    }
}

} // namespace datasurface::change
