#include "reconcile/run_tables.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/stream.hpp"
#include "catalog/watermark.hpp"
#include "change/key.hpp"
#include "ingest/run.hpp"
#include "pg/conflict.hpp"
#include "pg/report.hpp"
#include "pg/stop_point.hpp"
#include "pg/table.hpp"
#include "reconcile/dataset_plan.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/plan_tables.hpp"
#include "reconcile/run_steps.hpp"
#include "reconcile/run_views_around.hpp"

namespace datasurface::reconcile {

namespace {

void lock_stream_of(const catalog::Store &store, const catalog::Dataset &dataset)
{
    std::string const name =
        store.consistency == model::Consistency::multi ? store.name : store.name + "#" + dataset.name;
    std::optional<catalog::Stream> const stream = catalog::find_stream(name);
    if (stream && stream->in_model)
        (void)catalog::lock_stream(*stream);
}

// Read under the stream's lock: a load that ended before may have changed them, and no load can change them now.
catalog::Dataset lock_model_of(const catalog::Store &store, const catalog::Dataset &dataset)
{
    lock_stream_of(store, dataset);
    catalog::Store const now = catalog::store(store.id);
    catalog::Dataset locked = catalog::datasets_by_id({dataset.id}).at(0);
    if (now.name != store.name || now.schema != store.schema || now.owner != store.owner ||
        now.consistency != store.consistency || locked.name != dataset.name)
        throw Error(sqlstate::lock_not_available, "store \"" + store.name + "\" was changed by a load meanwhile",
                    "It has another name, schema, owner or consistency now, or its dataset another name.",
                    "Call again.");
    return locked;
}

// What this transaction cannot do: it needs what the steps before it have committed.
bool is_later(const change::Step &step)
{
    return step.next_transaction;
}

// The steps that give objects another owner come first.
bool is_behind_owner(const change::Step &step)
{
    return step.role != change::Role::loader || step.kind;
}

// Nothing locks a function. Its owner until now may have changed it since the plan, and no longer can.
void require_function_as_recorded(const std::vector<catalog::Relation> &records, const std::string &owner)
{
    for (catalog::Relation record : records)
        if (record.kind == shape::RelationKind::as_of) {
            record.owner = owner;
            require_as_recorded(record);
        }
}

bool drops_view(const change::Step &step)
{
    return step.action == change::Action::drop && step.kind &&
           (*step.kind == shape::RelationKind::view || *step.kind == shape::RelationKind::full_view);
}

// The steps from the first that is such a one are cut off and returned.
std::vector<change::Step> cut(std::vector<change::Step> &steps, bool (*is_first)(const change::Step &))
{
    auto const first = std::find_if(steps.begin(), steps.end(), is_first);
    std::vector<change::Step> rest(std::make_move_iterator(first), std::make_move_iterator(steps.end()));
    steps.erase(first, steps.end());
    return rest;
}

pg::Lock mode_of(change::Lock lock)
{
    switch (lock) {
    case change::Lock::access_exclusive:
        return pg::Lock::access_exclusive;
    case change::Lock::share:
        return pg::Lock::share;
    case change::Lock::share_update_exclusive:
    case change::Lock::none:
        break;
    }
    return pg::Lock::share_update_exclusive;
}

// Steps that conflict with readers lock the views first, then the tables, in the order of readers: a reader that has locked a
// view and waits for its table would block the replacement of the view. Only objects of ours are locked.
void lock_relations(const PlannedTables &plan)
{
    std::vector<sqltext::Qualified> views, tables, history;
    for (const catalog::Relation &relation : plan.records) {
        if (relation.workspace_id)
            views.push_back(relation.name);
        else if (relation.kind == shape::RelationKind::merge || relation.kind == shape::RelationKind::staging)
            tables.push_back(relation.name);
        else if (relation.kind == shape::RelationKind::history)
            history.push_back(relation.name);
    }
    pg::Lock const lock = mode_of(lock_of(plan.tables.steps));
    if (lock == pg::Lock::access_exclusive)
        take_locks(views, lock);
    take_locks(tables, lock);
    take_locks(history, lock);
}

void warn_of_lost_rows(const shape::Shape &shape, const change::Step &step)
{
    std::string rows = "The next batch inserts all rows again.";
    if (step.kind == shape::RelationKind::staging)
        rows = "An open batch pulls its rows again; the open batch of a push must be reset and staged again.";
    else if (shape.milestoned)
        rows = "Its versions of earlier batches are lost, so queries as of those batches return fewer rows.";
    pg::warn("table " + step.object + " was missing, and was created again without its rows and grants", rows);
}

bool have_another_owner(const std::vector<catalog::Relation> &records, const std::string &owner)
{
    return std::any_of(records.begin(), records.end(),
                       [&](const catalog::Relation &record) { return !record.workspace_id && record.owner != owner; });
}

// The tables are locked.
void require_no_staged_rows(const change::Tables &tables)
{
    auto const needs = [](const change::Step &step) { return step.needs_no_rows; };
    if (std::none_of(tables.steps.begin(), tables.steps.end(), needs) ||
        ingest::is_empty(ingest::staging_table(tables.wanted)))
        return;
    throw Error(
        sqlstate::cannot_reconcile,
        "rows are staged for " + title(tables.wanted) + ", and the model says anew what staged rows are",
        "With \"rows\": \"delta\" a staged row may be a delete, and what is not staged stays; with \"snapshot\" it vanishes.",
        "Load the model of before and publish them, or remove them with ds_reset_batch. Then call ds_reconcile_schema() again.");
}

void execute(Results &results, const catalog::Store &store, const catalog::Dataset &dataset, PlannedTables &plan,
             Conditions &conditions)
{
    change::Tables &tables = plan.tables;
    Target const target{dataset.id, std::nullopt, tables.wanted.owner, {}, store.loaded_by};
    require_no_staged_rows(plan.tables);
    std::vector<change::Step> const later = cut(tables.steps, is_later);
    const shape::Names &names = tables.wanted.names;
    ViewsAround views =
        views_around(tables.now, tables.steps, plan.records, plan.columns_before, plan.columns_after(), conditions);
    go_before(results, views, store, tables.wanted.owner);
    std::vector<change::Step> const dropping = cut(tables.steps, drops_view);
    std::vector<change::Step> const behind = cut(tables.steps, is_behind_owner);
    run_steps(results, target, tables.steps);
    if (!tables.steps.empty())
        require_function_as_recorded(plan.records, tables.wanted.owner);
    pg::with_violation_as(names.merge, {names.merge_key.name, change::new_key_name(dataset.id)},
                          change::key_is_shared(tables.wanted), pg::Detail::postgresql_first, [&] {
                              run_steps(results, target, behind);
                              read_conditions(views, tables.wanted, plan.columns_after());
                              run_steps(results, target, dropping);
                          });
    for (const std::vector<change::Step> *const done : {&behind, &dropping})
        tables.steps.insert(tables.steps.end(), done->begin(), done->end());
    if (have_another_owner(plan.records, tables.wanted.owner))
        catalog::set_owner(dataset.id, tables.wanted.owner);
    catalog::MadeTables made{std::nullopt, plan.columns_after(), tables.now.history_from};
    if (tables.waiting.empty() && later.empty())
        made.digest = dataset.tables_digest;
    catalog::set_reconciled(dataset.id, made);
    follow(results, views, store, tables.wanted, made.columns);
    report_later(results, later);
    report_waiting(results, tables.waiting);
}

// By another call: then nothing is locked. A dataset that was not reconciled is looked at again only if it says that it is now.
bool was_done_meanwhile(const catalog::Store &store, const catalog::Dataset &dataset, const change::Allowed &allowed,
                        pg::TypeCache &types)
{
    if (!dataset.is_reconciled() && !catalog::is_reconciled(dataset.id))
        return false;
    return with_something_to_do(store, {dataset}, allowed, types).empty();
}

} // namespace

void reconcile_dataset(Results &results, const catalog::Store &store, const catalog::Dataset &unlocked,
                       const change::Allowed &allowed, pg::TypeCache &types, Conditions &conditions)
{
    if (was_done_meanwhile(store, unlocked, allowed, types))
        return;
    catalog::Dataset const dataset = lock_model_of(store, unlocked);
    if (!dataset.in_model)
        return;
    PlannedTables plan = planned_tables(store, dataset, allowed, Rows::believed, types);
    pg::stop_point("reconcile.planned");
    if (!plan.tables.steps.empty())
        lock_relations(plan);
    // under the locks: a lock that is not free would be tried again, and the tables read again each time
    bool const tries = allowed.lossy && !plan.tables.conversions.empty();
    // somebody may have added code to the tables before the locks
    bool const goes_over = plan.tables.asks_for_code && plan.tables.now.code.empty();
    if (tries || goes_over)
        plan = planned_tables(store, dataset, allowed, Rows::converted, types);
    execute(results, store, dataset, plan, conditions);
    for (const change::Step &step : plan.tables.steps) {
        if (step.lost)
            warn_of_lost_rows(plan.tables.wanted, step);
        if (step.lost || step.cost == change::Class::lossy) // a window would not bring back what is gone
            catalog::require_whole(dataset.id, "its tables have lost something");
    }
}

} // namespace datasurface::reconcile
