#include "change/columns_gone.hpp"

#include <algorithm>
#include <set>

#include "change/columns_added.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

struct Gone {
    const shape::Column *column;
    std::string name; // that it was made with, or renamed to by reconcile
    std::string likely = {};
};

std::set<std::string_view> made_names(const Actual &actual)
{
    std::set<std::string_view> names;
    for (const auto &[id, name] : actual.made_columns)
        names.insert(name);
    return names;
}

// The only column of its type that nobody knows, if it stands for one column only.
std::string likely_name(const Tables &tables, const ActualRelation &table, const std::vector<Gone> &gone,
                        const std::string &type)
{
    auto const of_type = [&](const Gone &one) { return one.column->type.name == type; };
    if (std::count_if(gone.begin(), gone.end(), of_type) != 1)
        return {};
    std::vector<const ActualColumn *> unknown = unknown_columns(tables, table);
    std::erase_if(unknown, [&](const ActualColumn *column) { return column->type != type; });
    return unknown.size() == 1 ? unknown.front()->name : "";
}

// A column that has the model's name by now was renamed by hand as the model does it.
std::vector<Gone> gone_from(const Tables &tables, ActualRelation &table)
{
    std::set<std::string_view> const made = made_names(tables.now);
    ColumnsByName const present = by_name(table);
    std::vector<Gone> gone;
    for (const shape::Column &column : tables.wanted.columns) {
        auto const before = tables.now.made_columns.find(column.id);
        if (before == tables.now.made_columns.end() || find(present, before->second) != nullptr)
            continue;
        if (find(present, column.name) == nullptr || made.contains(column.name))
            gone.push_back({&column, before->second});
    }
    for (Gone &one : gone)
        one.likely = likely_name(tables, table, gone, one.column->type.name);
    return gone;
}

std::string way_back(const Object &table, const Gone &gone)
{
    if (gone.likely.empty())
        return "If it is there under another name, rename it back.";
    return "If it is that, rename it back: ALTER TABLE " + table.name.sql() + " RENAME COLUMN " +
           identifier(gone.likely) + " TO " + identifier(gone.name) + ".";
}

std::string reason_of(const Gone &gone)
{
    std::string const reason =
        "column " + identifier(gone.name) + " was made and is not there any more (renamed or dropped by hand)";
    return gone.likely.empty() ? reason
                               : reason + "; it may be column " + identifier(gone.likely) + ", of the same type";
}

// The function follows a column to its new name, so that nobody can tell whether it has been changed beside.
const Object *changed_function(const Tables &tables, RelationKind kind)
{
    const Object *const as_of = tables.now.find(RelationKind::as_of);
    return kind == RelationKind::staging || as_of == nullptr || as_of->changes.empty() ? nullptr : as_of;
}

void refuse(Step &step, const std::string &why)
{
    step.cost = Class::refused;
    step.reason += "; " + why;
}

std::vector<Step> steps_of(const Tables &tables, const Object &table, RelationKind kind, const Gone &gone)
{
    bool const filled = kind == RelationKind::merge && !gone.column->nullable;
    shape::Column column = *gone.column;
    column.name = gone.name;
    std::vector<Step> steps = addition_steps(table, kind, {column});
    for (Step &step : steps) {
        step.cost = Class::lossy;
        step.reason = reason_of(gone);
        step.instead = way_back(table, gone);
        if (filled && !column.default_value)
            refuse(step, "it is not nullable and has no default, so no empty one can be added");
        else if (const Object *const function = changed_function(tables, kind)) {
            refuse(step, "an empty one can be added once the function is dropped that follows it");
            step.dependents = {"function " + function->name.sql() + "(integer)"};
        }
    }
    return steps;
}

// A history that was kept while the dataset was live has never had the columns of that time.
bool has_all_columns(const Tables &tables, RelationKind kind)
{
    return kind != RelationKind::history || tables.now.is_ours(RelationKind::as_of);
}

} // namespace

std::vector<const ActualColumn *> unknown_columns(const Tables &tables, const ActualRelation &table)
{
    std::set<std::string_view> known = made_names(tables.now);
    for (const shape::Column &column : tables.wanted.columns)
        known.insert(column.name);
    std::vector<const ActualColumn *> unknown;
    for (const ActualColumn &column : table.columns)
        if (!known.contains(column.name) && !column.name.starts_with("ds_surf_"))
            unknown.push_back(&column);
    return unknown;
}

bool restore_columns(Tables &tables)
{
    bool complete = true;
    for (RelationKind const kind : table_kinds) {
        Object *const table = tables.now.find(kind);
        if (table == nullptr || !has_all_columns(tables, kind))
            continue;
        std::vector<Gone> const all = gone_from(tables, table->there);
        require_places(*table, all.size());
        for (const Gone &gone : all) {
            bool const filled = kind == RelationKind::merge && !gone.column->nullable;
            if (tables.take(steps_of(tables, *table, kind, gone)))
                table->there.columns.push_back({gone.name, gone.column->type.name, filled, ""});
            else
                complete = false;
        }
    }
    return complete;
}

} // namespace datasurface::change
