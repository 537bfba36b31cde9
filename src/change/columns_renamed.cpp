#include "change/columns_renamed.hpp"

#include <algorithm>

#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

struct Rename {
    std::string from;
    std::string to;
};

// of the columns that a table has under the name of before
std::vector<Rename> renames_of(const Tables &tables, ActualRelation &table)
{
    std::vector<Rename> renames;
    for (const shape::Column &column : tables.wanted.columns) {
        auto const made = tables.now.made_columns.find(column.id);
        if (made != tables.now.made_columns.end() && made->second != column.name &&
            find_column(table, made->second) != nullptr)
            renames.push_back({made->second, column.name});
    }
    return renames;
}

void rename(Tables &tables, Object &table, const std::string &from, const std::string &to)
{
    tables.take(alter_table(table.name, "RENAME COLUMN " + identifier(from) + " TO " + identifier(to)));
    find_column(table.there, from)->name = to;
    if (Object *const index = tables.now.find(RelationKind::history_key_index))
        if (ActualColumn *const column = find_column(index->there, from);
            column && &table == tables.now.find(RelationKind::history))
            column->name = to;
    for (std::vector<std::string> *const key : {&table.there.primary_key, &table.there.new_key})
        std::replace(key->begin(), key->end(), from, to);
    if (&table == tables.now.find(RelationKind::merge))
        for (Use &use : tables.now.uses)
            if (use.column == from)
                use.column = to;
}

std::string free_name(ActualRelation &table)
{
    std::string name = "ds_surf_renamed";
    for (int i = 2; find_column(table, name) != nullptr; ++i)
        name = "ds_surf_renamed_" + std::to_string(i);
    return name;
}

// The name is free, or becomes free by another rename.
void require_possible(Object &table, const std::vector<Rename> &renames, const Rename &wanted)
{
    bool const leaves =
        std::any_of(renames.begin(), renames.end(), [&](const Rename &other) { return other.from == wanted.to; });
    if (!leaves && find_column(table.there, wanted.to) != nullptr)
        refuse_difference(table.name, "column " + identifier(wanted.from) + " is renamed to " + identifier(wanted.to) +
                                          ", but it has a column of that name");
}

void rename_in(Tables &tables, Object &table)
{
    std::vector<Rename> renames = renames_of(tables, table.there);
    for (const Rename &wanted : renames)
        require_possible(table, renames, wanted);
    while (!renames.empty()) {
        auto const possible = std::find_if(renames.begin(), renames.end(), [&](const Rename &wanted) {
            return find_column(table.there, wanted.to) == nullptr;
        });
        if (possible != renames.end()) {
            rename(tables, table, possible->from, possible->to);
            renames.erase(possible);
            continue;
        }
        std::string const between = free_name(table.there);
        rename(tables, table, renames.front().from, between);
        renames.front().from = between;
    }
}

// A name that a column still has which waits to be dropped is not free.
void wait_for_dropped_columns(Tables &tables)
{
    for (shape::Column &column : tables.wanted.columns) {
        auto const made = tables.now.made_columns.find(column.id);
        if (made == tables.now.made_columns.end() || made->second == column.name ||
            std::find(tables.kept_columns.begin(), tables.kept_columns.end(), column.name) == tables.kept_columns.end())
            continue;
        Step step = alter_table(tables.wanted.names.merge,
                                "RENAME COLUMN " + identifier(made->second) + " TO " + identifier(column.name));
        step.cost = Class::lossy;
        step.reason = "the column that has this name must be dropped first";
        tables.take(std::move(step));
        std::replace(tables.wanted.primary_key.begin(), tables.wanted.primary_key.end(), column.name, made->second);
        column.name = made->second;
    }
}

} // namespace

void rename_columns(Tables &tables)
{
    wait_for_dropped_columns(tables);
    for (RelationKind const kind : table_kinds)
        if (Object *const table = tables.now.find(kind))
            rename_in(tables, *table);
}

} // namespace datasurface::change
