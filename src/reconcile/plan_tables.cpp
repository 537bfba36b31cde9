#include "reconcile/plan_tables.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "change/as_of.hpp"
#include "change/column_type.hpp"
#include "change/columns_added.hpp"
#include "change/columns_dropped.hpp"
#include "change/columns_gone.hpp"
#include "change/columns_renamed.hpp"
#include "change/comments.hpp"
#include "change/create_table.hpp"
#include "change/history.hpp"
#include "change/key.hpp"
#include "change/missing.hpp"
#include "change/nullability.hpp"
#include "change/options.hpp"
#include "change/owner.hpp"
#include "change/place.hpp"
#include "change/staged_deletes.hpp"
#include "change/system_columns.hpp"

namespace datasurface::reconcile {

namespace {

using change::Tables;
using shape::RelationKind;

std::vector<RelationKind> kinds(const Tables &tables)
{
    std::vector<RelationKind> all = {RelationKind::staging, RelationKind::merge};
    if (tables.wanted.milestoned)
        all.push_back(RelationKind::history);
    return all;
}

// The tables that are there. Those that are not are created with all their columns, behind these.
void change_columns(Tables &tables)
{
    tables.stays = !change::keep_system_columns(tables) || !change::restore_columns(tables);
    if (tables.stays)
        return;
    change::drop_columns(tables);
    change::rename_columns(tables);
    change::change_types(tables);
    change::add_columns(tables, kinds(tables));
    change::change_staged_deletes(tables);
    change::set_not_null(tables);
    change::change_key(tables);
    change::drop_not_null(tables);
    for (RelationKind const kind : kinds(tables))
        if (tables.now.find(kind) != nullptr) {
            change::change_options(tables, kind);
            change::write_comments(tables, kind);
        }
}

// What needs a transaction of its own keeps nothing else waiting: until then the as-of function would answer without rows, or fail.
void put_later_steps_last(std::vector<change::Step> &steps)
{
    std::stable_partition(steps.begin(), steps.end(), [](const change::Step &step) { return !step.next_transaction; });
}

} // namespace

Tables plan_tables(const shape::Shape &wanted, const change::Actual &actual, const change::Allowed &allowed)
{
    change::require_dropped(actual);
    Tables tables{{allowed}, wanted, actual};
    for (RelationKind const kind : change::table_kinds)
        if (const change::Object *const table = tables.now.find(kind))
            change::require_table(*table);
    if (wanted.milestoned)
        change::begin_history(tables);
    change::change_owner(tables);
    change::move_objects(tables);
    if (!wanted.milestoned)
        change::end_history(tables);
    change_columns(tables);
    for (RelationKind const kind : kinds(tables))
        if (tables.now.find(kind) == nullptr)
            change::create_table(tables, kind);
    if (tables.wanted.milestoned && !tables.stays) {
        change::make_history_indexes(tables);
        change::make_as_of(tables);
    }
    put_later_steps_last(tables.steps);
    return tables;
}

std::vector<std::string> payload_order(const shape::Shape &wanted, const change::Actual &actual)
{
    std::vector<std::string> order;
    const change::Object *const merge = actual.find(RelationKind::merge);
    if (merge == nullptr)
        return order;
    std::unordered_map<std::string_view, std::string_view> names;
    for (const shape::Column &column : wanted.columns)
        if (auto const made = actual.made_columns.find(column.id); made != actual.made_columns.end())
            names.emplace(made->second, column.name);
    for (const change::ActualColumn &column : merge->there.columns) {
        auto const renamed = names.find(column.name);
        order.emplace_back(renamed == names.end() ? column.name : renamed->second);
    }
    return order;
}

change::Lock lock_of(const std::vector<change::Step> &steps)
{
    change::Lock strongest = change::Lock::none;
    for (const change::Step &step : steps)
        strongest = std::max(strongest, step.lock);
    return strongest;
}

} // namespace datasurface::reconcile
