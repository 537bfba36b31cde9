#include "reconcile/run.hpp"

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/relation.hpp"
#include "catalog/shape.hpp"
#include "catalog/stream.hpp"
#include "model/parse.hpp"
#include "pg/conflict.hpp"
#include "pg/report.hpp"
#include "pg/session.hpp"
#include "pg/table.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/run_views.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

// With the rights of the owner or of who loaded the model, never with those of who calls.
void create_schema(Results &results, const rights::Schema &schema, const std::string &description)
{
    if (schema_exists(schema.name))
        return;
    std::string const name = sqltext::identifier(schema.name);
    execute_step(results, rights::maker_of(schema),
                 {name,
                  "create",
                  "CREATE SCHEMA " + name + " AUTHORIZATION " + sqltext::identifier(schema.owner),
                  "",
                  {}});
    if (!description.empty())
        execute_step(results, schema.owner,
                     {name, "comment", "COMMENT ON SCHEMA " + name + " IS " + sqltext::literal(description), "", {}});
}

Task schema_task(rights::Schema schema, std::string description)
{
    std::string const object = sqltext::identifier(schema.name);
    return {object, [schema = std::move(schema), description = std::move(description)](Results &mine) {
                create_schema(mine, schema, description);
            }};
}

void lock_stream_of(const catalog::Store &store, const catalog::Dataset &dataset)
{
    std::string const name =
        store.consistency == model::Consistency::multi ? store.name : store.name + "#" + dataset.name;
    std::optional<catalog::Stream> const stream = catalog::find_stream(name);
    if (stream && stream->in_model)
        (void)catalog::lock_stream(*stream);
}

// As they are once the stream's lock is held: a load that ended meanwhile may have changed them, and none can any more.
catalog::Dataset lock_model_of(const catalog::Store &store, const catalog::Dataset &dataset)
{
    lock_stream_of(store, dataset);
    catalog::Store const now = catalog::store(store.id);
    if (now.schema != store.schema || now.owner != store.owner || now.consistency != store.consistency)
        throw Error(sqlstate::lock_not_available, "store \"" + store.name + "\" was changed by a load meanwhile",
                    "It has another schema, owner or consistency now.", "Call again.");
    return *catalog::find_dataset(store.id, dataset.name);
}

struct Plan {
    shape::Shape shape;
    Actual actual;
    std::vector<Step> steps;
};

[[noreturn]] void refuse_renamed(const sqltext::Qualified &table, const std::string &rest)
{
    throw Error(sqlstate::undefined_table, "table " + table.sql() + " does not exist, but " + rest + " is there",
                "The table was renamed or moved since ds_reconcile_schema made it: with it, " + rest +
                    " would have been dropped.",
                "Rename it back. Or drop " + rest +
                    ", and reconcile again: the table is then made anew, without its rows.");
}

bool is_missing(const Actual &actual, const std::string &kind, const sqltext::Qualified &table)
{
    return actual.ours.count({kind, table.name}) > 0 && actual.relations.count(table.name) == 0;
}

// A table that is missing was dropped, and is made anew; unless something that depends on it is still there.
void require_dropped(const shape::Shape &shape, const Actual &actual, int dataset_id)
{
    const sqltext::Qualified &as_of = shape.names.as_of, &sequence = shape.names.staging_sequence;
    if (is_missing(actual, "staging", shape.names.staging) && actual.ours.count({"sequence", sequence.name}) > 0 &&
        pg::exists(sequence))
        refuse_renamed(shape.names.staging, sequence.sql());
    for (const auto &[kind, table] :
         {std::pair("merge", shape.names.merge), std::pair("history", shape.names.history)}) {
        if (!is_missing(actual, kind, table))
            continue;
        if (actual.functions.count(as_of.name) > 0 && actual.ours.count({"as_of", as_of.name}) > 0)
            refuse_renamed(table, as_of.sql() + "(integer)");
        for (const catalog::Relation &relation : catalog::relations_of_dataset(dataset_id))
            if ((relation.kind == "full_view" || (relation.kind == "view" && table == shape.names.merge)) &&
                pg::exists(relation.name))
                refuse_renamed(table, relation.name.sql());
    }
}

Plan plan_dataset(const catalog::Store &store, const catalog::Dataset &dataset, pg::TypeCache &types)
{
    Plan plan;
    plan.shape = catalog::load_shape(store, dataset, types);
    plan.actual = inspect_dataset(plan.shape, dataset.id);
    require_dropped(plan.shape, plan.actual, dataset.id);
    shape::order_columns(plan.shape, payload_order(plan.shape, plan.actual));
    plan.steps = plan_tables(plan.shape, plan.actual);
    return plan;
}

// Where readers must stay out, their views are locked first, as they do it, and with the tables: a reader that has a view and
// waits for its table would keep the view from being replaced. Only what is ours is locked.
void lock_relations(const Plan &plan, const catalog::Dataset &dataset)
{
    auto const alters = [](const Step &step) { return step.exclusive; };
    auto const indexes = [](const Step &step) { return step.action == "create" && step.kind == "index"; };
    bool const exclusive = std::any_of(plan.steps.begin(), plan.steps.end(), alters);
    bool const builds_index = std::any_of(plan.steps.begin(), plan.steps.end(), indexes);
    std::vector<sqltext::Qualified> views, tables, history;
    for (const catalog::Relation &relation : catalog::relations_of_dataset(dataset.id)) {
        if (relation.workspace_id)
            views.push_back(relation.name);
        else if (relation.kind == "merge" || relation.kind == "staging")
            tables.push_back(relation.name);
        else if (relation.kind == "history")
            history.push_back(relation.name);
    }
    pg::Lock const lock = exclusive ? pg::Lock::access_exclusive : pg::Lock::share_update_exclusive;
    if (exclusive)
        take_locks(views, lock);
    take_locks(tables, lock);
    take_locks(history, builds_index && !exclusive ? pg::Lock::share : lock);
}

void warn_of_lost_rows(const shape::Shape &shape, const Step &step)
{
    std::string rows = "The next batch inserts all rows anew.";
    if (step.kind == "staging")
        rows = "A batch that is open pulls again, or has to be reset and staged anew.";
    else if (shape.milestoned)
        rows = "What it held of earlier batches is lost: as of these there are fewer rows than there were.";
    pg::warn("table " + step.object + " was no longer there, and is made anew without its rows and grants", rows);
}

void execute_steps(Results &results, const catalog::Dataset &dataset, const Plan &plan)
{
    for (const Step &step : plan.steps) {
        if (!step.statement.empty())
            execute_step(results, plan.shape.owner, step);
        if (step.lost)
            warn_of_lost_rows(plan.shape, step);
        if (!step.kind.empty() && step.action == "drop")
            catalog::forget_relation(step.name, step.kind);
        else if (!step.kind.empty())
            catalog::save_relation({step.name, step.kind, dataset.id, std::nullopt, step.statement});
    }
}

void reconcile_dataset(Results &results, const catalog::Store &store, const catalog::Dataset &seen,
                       pg::TypeCache &types)
{
    if (plan_dataset(store, seen, types).steps.empty() && seen.is_reconciled())
        return;
    catalog::Dataset const dataset = lock_model_of(store, seen);
    if (!dataset.in_model)
        return;
    Plan const plan = plan_dataset(store, dataset, types);
    lock_relations(plan, dataset);
    execute_steps(results, dataset, plan);
    catalog::set_reconciled(dataset.id, dataset.tables_digest);
}

void add_store(std::vector<Task> &tasks, const catalog::Store &store, pg::TypeCache &types)
{
    tasks.push_back(
        schema_task({store.schema, store.owner, store.loaded_by}, "data tables of store \"" + store.name + "\""));
    for (catalog::Dataset &dataset : catalog::datasets_of_store(store.id)) {
        std::string object = shape::names(store.schema, dataset.name).merge.sql();
        tasks.push_back({std::move(object), [store, dataset = std::move(dataset), &types](Results &mine) {
                             reconcile_dataset(mine, store, dataset, types);
                         }});
    }
}

std::vector<model::Sink> sinks_of(const model::Workspace &workspace, const std::optional<std::string> &store)
{
    std::vector<model::Sink> sinks;
    for (const model::Group &group : workspace.groups)
        for (const model::Sink &sink : group.sinks)
            if (!store || sink.store == *store)
                sinks.push_back(sink);
    return sinks;
}

void add_workspace(std::vector<Task> &tasks, const std::string &caller, const catalog::Workspace &workspace,
                   const std::optional<std::string> &store, pg::TypeCache &types)
{
    model::Workspace const definition = model::workspace_from_json(workspace.definition);
    std::vector<model::Sink> sinks = sinks_of(definition, store);
    std::erase_if(sinks,
                  [&](const model::Sink &sink) { return !rights::may_make_view(caller, workspace, sink.store); });
    if (sinks.empty() && (store || !rights::may_reconcile(caller, workspace)))
        return; // none of that store's business, or of the caller's
    tasks.push_back(schema_task({workspace.schema, workspace.owner, workspace.loaded_by}, definition.description));
    auto const sources = std::make_shared<Sources>();
    for (const model::Sink &sink : sinks)
        tasks.push_back({shape::view_names(workspace.schema, sink.name).current.sql(),
                         [&workspace, &types, sources, sink](Results &mine) {
                             reconcile_sink(mine, *sources, workspace, sink, types);
                         }});
}

// A caller that does not look at the rows should hear of it too.
void warn_of_failures(const Results &results)
{
    auto const failed =
        std::count_if(results.begin(), results.end(), [](const Result &r) { return r.action == "failed"; });
    if (failed > 0)
        pg::warn("ds_reconcile_schema could not do everything: " + std::to_string(failed) + " failed",
                 "The rows with action failed say what and why; everything else is done.");
}

std::vector<Task> tasks_of_stores(const std::string &caller, const std::optional<std::string> &store,
                                  pg::TypeCache &types)
{
    std::vector<Task> tasks;
    bool found = false;
    for (const catalog::Store &candidate : catalog::stores_in_model()) {
        if (store && candidate.name != *store)
            continue;
        found = true;
        if (store)
            rights::require_to_reconcile(caller, candidate);
        else if (!rights::may(rights::Act::reconcile_store, caller, candidate))
            continue;
        add_store(tasks, candidate, types);
    }
    if (store && !found)
        throw Error(sqlstate::unknown_stream, "there is no store \"" + *store + "\" in the model",
                    "Names are compared letter by letter.",
                    "SELECT DISTINCT store FROM datasurface.datasets; lists the stores.");
    return tasks;
}

// The views when all tables are done: they are made of these.
Results run_all(const std::string &caller, const std::optional<std::string> &store)
{
    Results results;
    Waiting waiting;
    pg::TypeCache types;
    attempt(results, waiting, tasks_of_stores(caller, store, types));
    std::vector<catalog::Workspace> const workspaces = catalog::workspaces_in_model();
    std::vector<Task> tasks;
    for (const catalog::Workspace &workspace : workspaces)
        add_workspace(tasks, caller, workspace, store, types);
    attempt(results, waiting, tasks);
    warn_of_failures(results);
    return results;
}

} // namespace

std::vector<Result> run(const std::string &caller, const std::optional<std::string> &store)
{
    pg::require_read_committed();
    pg::require_writable("reconcile");
    Error const
        full(sqlstate::out_of_memory, "the server's table of locks is full",
             "Everything that one call makes or changes stays locked until its transaction ends. Nothing was changed.",
             "Raise max_locks_per_transaction; or load the stores one by one with replace => false, and after each "
             "call ds_reconcile_schema(store => '...').");
    Results results;
    pg::with_full_lock_table_as(full, [&] { results = run_all(caller, store); });
    return results;
}

} // namespace datasurface::reconcile
