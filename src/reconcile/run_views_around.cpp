#include "reconcile/run_views_around.hpp"

#include <algorithm>
#include <set>

#include "catalog/workspace.hpp"
#include "change/owner.hpp"
#include "change/refuse.hpp"
#include "change/view_place.hpp"
#include "pg/definition.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/inspect_code.hpp"
#include "reconcile/inspect_views.hpp"
#include "reconcile/run_steps.hpp"
#include "reconcile/run_views.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

using change::Action;
using shape::RelationKind;

// nullptr: it is not dropped
const change::Step *drop_step(const catalog::Relation &record, const std::vector<change::Step> &steps)
{
    auto const found = std::find_if(steps.begin(), steps.end(), [&](const change::Step &step) {
        return step.action == Action::drop && step.kind == record.kind && step.name == record.name;
    });
    return found == steps.end() ? nullptr : &*found;
}

DroppedView dropped_view(const catalog::Relation &record, bool lossy, const MadeColumns &made_columns)
{
    DroppedView dropped{record, inspect_view(record, made_columns), lossy};
    change::require_as_made(dropped.view.object, record.name.sql());
    inspect_around(dropped.view);
    if (FoundRelations const found = inspect_relations({record.name}); !found.empty())
        dropped.view.object.there = found.begin()->second.relation;
    return dropped;
}

// Who drops a view needs USAGE on its schema.
void lend_schemas(ViewsAround &views, const std::string &owner)
{
    std::set<std::string> seen;
    for (const DroppedView &dropped : views.dropped) {
        const std::string &schema = dropped.record.name.schema;
        std::vector<std::string> const missing = rights::missing_to_create_in(owner, schema);
        if (!seen.insert(schema).second || std::find(missing.begin(), missing.end(), "USAGE") == missing.end())
            continue;
        std::string const lender = catalog::workspace(dropped.record.workspace_id.value()).value().owner;
        std::string const on = "USAGE ON SCHEMA " + sqltext::identifier(schema), to = sqltext::identifier(owner);
        pg::as_role(lender, [&] { pg::execute({"lend", "GRANT " + on + " TO " + to, {}}); });
        views.loans.push_back({lender, "REVOKE " + on + " FROM " + to});
    }
}

std::string printed(const catalog::Relation &view)
{
    pg::Rows const rows = pg::query({"printed_view",
                                     "SELECT rtrim(pg_get_viewdef(c.oid), ';'),"
                                     " EXISTS (SELECT FROM pg_options_to_table(c.reloptions)"
                                     "  WHERE option_name = 'security_barrier' AND option_value::boolean)"
                                     " FROM pg_class c"
                                     " JOIN pg_namespace n ON n.oid = c.relnamespace"
                                     " WHERE n.nspname = $1::name AND c.relname = $2::name",
                                     {view.name.schema, view.name.name}});
    return "CREATE OR REPLACE VIEW " + view.name.sql() + (rows.boolean(0, 1) ? " WITH (security_barrier)" : "") +
           " AS " + rows.text(0, 0);
}

// The tables and columns have the names that they have now.
change::WantedView as_it_was(const DroppedView &dropped, const shape::Shape &tables, const MadeColumns &made_columns)
{
    return as_it_is(dropped.record, dropped.view, tables, made_columns, dropped.publishing);
}

std::vector<change::Step> steps_to_create_again(const DroppedView &dropped, const shape::Shape &tables,
                                                const MadeColumns &made_columns)
{
    change::Views views{{change::everything}};
    change::make_again(views, as_it_was(dropped, tables, made_columns), dropped.view);
    return std::move(views.steps);
}

void change_owner(Results &results, catalog::Relation &view, const catalog::Store &store, const std::string &owner)
{
    if (view.owner == owner)
        return;
    run_on(results, view, store, owner, {change::change_view_owner(view.name, owner)});
    view.owner = owner;
    require_as_recorded(view);
    change::require_no_code(view.name, inspect_code({view.name}));
    catalog::save_relations({view});
}

void keep(catalog::Relation view)
{
    if (pg::changes_of_view(view.name, view.definition, view.owner).empty())
        return;
    view.definition = printed(view);
    catalog::save_relations({view});
}

} // namespace

void run_on(Results &results, const catalog::Relation &view, const catalog::Store &store, const std::string &owner,
            const std::vector<change::Step> &steps)
{
    catalog::Workspace const workspace = catalog::workspace(view.workspace_id.value()).value();
    bool const loader_acts = std::any_of(steps.begin(), steps.end(),
                                         [](const change::Step &step) { return step.role == change::Role::loader; });
    std::vector<std::string> const borrowers = loader_acts ? std::vector{owner, store.loaded_by} : std::vector{owner};
    std::vector<Loan> loans;
    for (const std::string &borrower : borrowers)
        loans.push_back({view.name.schema, borrower, rights::missing_to_create_in(borrower, view.name.schema)});
    run_steps(results, {view.dataset_id, workspace.id, owner, workspace.owner, store.loaded_by},
              with_loans(steps, loans));
    if (std::any_of(steps.begin(), steps.end(), [](const change::Step &step) { return step.with_condition; }))
        require_harmless(view.name);
    require_readers(view.name, rights::seen_store(store.name, owner, catalog::access(store.id), workspace.name),
                    workspace.name, view.readers);
}

change::WantedView as_it_is(const catalog::Relation &record, const change::ActualView &view, const shape::Shape &tables,
                            const MadeColumns &made_columns, const change::Publishing &publishing)
{
    change::WantedView wanted;
    wanted.kind = record.kind;
    wanted.name = record.name;
    wanted.merge = tables.names.merge;
    wanted.history = tables.names.history;
    wanted.where = view.where;
    wanted.comment = view.object.there.comment;
    wanted.owner = tables.owner;
    wanted.dataset = record.dataset_id;
    wanted.publishing = publishing;
    for (change::ViewColumn column : view.columns) {
        auto const now = made_columns.find(column.id);
        if (now == made_columns.end())
            continue; // it was dropped
        column.column = now->second;
        wanted.columns.push_back(column);
    }
    return wanted;
}

ViewsAround views_around(const change::Actual &now, const std::vector<change::Step> &steps,
                         const std::vector<catalog::Relation> &records, const MadeColumns &before,
                         const MadeColumns &after, Conditions &conditions)
{
    ViewsAround views;
    bool const renamed = !std::includes(after.begin(), after.end(), before.begin(), before.end());
    for (const catalog::Relation &record : records) {
        if (!is_view(record.kind))
            continue;
        if (const change::Step *const drop = drop_step(record, steps)) {
            DroppedView dropped = dropped_view(record, drop->cost == change::Class::lossy, before);
            dropped.publishing = now.publishing;
            // its condition may name columns that are not there afterwards; where lossy steps are allowed, it may change
            if (!dropped.view.where.empty() && (dropped.lossy || renamed))
                dropped.view.where = conditions.find(record).value_or(dropped.view.where);
            views.dropped.push_back(std::move(dropped));
        } else if (pg::changes_of_view(record.name, record.definition, record.owner).empty())
            views.kept.push_back(record);
    }
    // in an order that does not depend on where our records lie
    std::sort(views.dropped.begin(), views.dropped.end(),
              [](const DroppedView &a, const DroppedView &b) { return a.record.name < b.record.name; });
    std::sort(views.kept.begin(), views.kept.end(),
              [](const catalog::Relation &a, const catalog::Relation &b) { return a.name < b.name; });
    return views;
}

std::vector<change::Step> planned_to_go_before(const ViewsAround &views, const std::string &owner)
{
    std::vector<change::Step> steps;
    for (const DroppedView &view : views.dropped)
        if (view.record.owner != owner)
            steps.push_back(change::change_view_owner(view.record.name, owner));
    for (const catalog::Relation &view : views.kept)
        if (view.owner != owner)
            steps.push_back(change::change_view_owner(view.name, owner));
    return steps;
}

std::vector<change::Step> planned_to_follow(const ViewsAround &views, const shape::Shape &tables,
                                            const MadeColumns &made_columns)
{
    std::vector<change::Step> all;
    for (const DroppedView &view : views.dropped)
        for (change::Step &step : steps_to_create_again(view, tables, made_columns))
            all.push_back(std::move(step));
    return all;
}

ViewsAfter views_after(const ViewsAround &views, const shape::Shape &tables, const MadeColumns &made_columns)
{
    ViewsAfter after;
    for (const catalog::Relation &view : views.kept)
        after[view.name].owner = tables.owner;
    for (const DroppedView &dropped : views.dropped) {
        change::WantedView const view = as_it_was(dropped, tables, made_columns);
        change::ActualView again = dropped.view;
        again.columns = view.columns;
        again.object.definition = change::definition(view);
        after[view.name] = {view.owner, std::move(again)};
    }
    return after;
}

void go_before(Results &results, ViewsAround &views, const catalog::Store &store, const std::string &owner)
{
    lend_schemas(views, owner);
    for (DroppedView &view : views.dropped)
        change_owner(results, view.record, store, owner);
    for (catalog::Relation &view : views.kept)
        change_owner(results, view, store, owner);
}

void read_conditions(ViewsAround &views, const shape::Shape &tables, const MadeColumns &made_columns)
{
    for (DroppedView &dropped : views.dropped) {
        if (dropped.lossy || dropped.view.where.empty())
            continue;
        std::string const planned = change::definition(as_it_was(dropped, tables, made_columns));
        if (!pg::has_condition_of(dropped.record.name, planned))
            dropped.view.where = pg::look_into_view(dropped.record.name).condition;
    }
}

void follow(Results &results, const ViewsAround &views, const catalog::Store &store, const shape::Shape &tables,
            const MadeColumns &made_columns)
{
    for (const catalog::Relation &view : views.kept)
        keep(view);
    for (const DroppedView &view : views.dropped)
        run_on(results, view.record, store, tables.owner, steps_to_create_again(view, tables, made_columns));
    for (const ViewsAround::Lent &loan : views.loans)
        pg::as_role(loan.lender, [&] { pg::execute({"give_back", loan.revoke, {}}); });
}

} // namespace datasurface::reconcile
