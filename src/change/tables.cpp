#include "change/tables.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::change {

using shape::RelationKind;

bool Planned::take(std::vector<Step> change)
{
    bool const taken =
        std::all_of(change.begin(), change.end(), [this](const Step &step) { return allowed.allows(step.cost); });
    std::vector<Step> &to = taken ? steps : waiting;
    to.insert(to.end(), std::make_move_iterator(change.begin()), std::make_move_iterator(change.end()));
    return taken;
}

const sqltext::Qualified &wanted_name(const shape::Names &names, RelationKind kind)
{
    switch (kind) {
    case RelationKind::staging:
        return names.staging;
    case RelationKind::sequence:
        return names.staging_sequence;
    case RelationKind::merge:
        return names.merge;
    case RelationKind::merge_key:
        return names.merge_key;
    case RelationKind::history:
        return names.history;
    case RelationKind::history_out_index:
        return names.history_out_index;
    case RelationKind::history_key_index:
        return names.history_key_index;
    case RelationKind::as_of:
        return names.as_of;
    case RelationKind::view:
    case RelationKind::full_view:
        break;
    }
    throw Error(sqlstate::internal_error, "a dataset has no object of kind " + std::string(word(kind)));
}

std::string name_in_tables(const shape::Shape &wanted, const Actual &actual, const std::string &column)
{
    auto const made = actual.made_columns.find(wanted.column(column).id);
    return made == actual.made_columns.end() ? column : made->second;
}

bool contains(const std::vector<std::string> &names, const std::string &name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

ActualColumn *find_column(ActualRelation &table, const std::string &name)
{
    auto const found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const ActualColumn &column) { return column.name == name; });
    return found == table.columns.end() ? nullptr : &*found;
}

ColumnsByName by_name(ActualRelation &table)
{
    ColumnsByName columns;
    for (ActualColumn &column : table.columns)
        columns.emplace(column.name, &column);
    return columns;
}

ActualColumn *find(const ColumnsByName &columns, const std::string &name)
{
    auto const found = columns.find(name);
    return found == columns.end() ? nullptr : found->second;
}

Step of_size(Step step, const Object &table)
{
    if (!table.there.is_large)
        return step;
    step.cost = Class::rewrite;
    step.reason = "all rows of " + table.name.sql() + " are read, and an index is built";
    step.bytes = table.there.bytes;
    return step;
}

void refuse_change(std::vector<Step> &change, const std::string &reason)
{
    for (Step &step : change) {
        step.cost = Class::refused;
        step.reason = reason;
    }
}

Step alter_relation(const std::string &kind, const sqltext::Qualified &name, const std::string &change)
{
    Step step;
    step.object = name.sql();
    step.action = Action::alter;
    step.statement = "ALTER " + kind + " " + name.sql() + " " + change;
    step.name = name;
    step.lock = Lock::access_exclusive;
    return step;
}

Step alter_table(const sqltext::Qualified &table, const std::string &change)
{
    return alter_relation("TABLE", table, change);
}

} // namespace datasurface::change
