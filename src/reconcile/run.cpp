#include "reconcile/run.hpp"

#include <algorithm>
#include <functional>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/relation.hpp"
#include "catalog/shape.hpp"
#include "catalog/stream.hpp"
#include "model/parse.hpp"
#include "pg/context.hpp"
#include "pg/report.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/spi.hpp"
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
    attempt(results, name, [&](Results &mine) {
        execute_step(mine, rights::maker_of(schema),
                     {name,
                      "create",
                      "CREATE SCHEMA " + name + " AUTHORIZATION " + sqltext::identifier(schema.owner),
                      "",
                      {}});
        if (!description.empty())
            execute_step(mine, schema.owner,
                         {name,
                          "comment",
                          "COMMENT ON SCHEMA " + name + " IS " + sqltext::literal(description),
                          "",
                          {}});
    });
}

void lock_stream_of(const catalog::Store &store, const catalog::Dataset &dataset)
{
    for (const catalog::Stream &stream : catalog::streams_of_store(store.id))
        if (stream.in_model && stream.dataset_id.value_or(dataset.id) == dataset.id)
            (void)catalog::lock_stream(stream);
}

void reconcile_dataset(Results &results, const catalog::Store &store, catalog::Dataset dataset, pg::TypeCache &types)
{
    shape::Shape shape = catalog::load_shape(store, dataset, types);
    auto const plan = [&] {
        Actual const actual = inspect_dataset(shape.names, dataset.id, store.owner);
        shape::order_columns(shape, payload_order(shape, actual));
        return plan_tables(shape, actual);
    };
    if (!plan().empty()) {
        lock_stream_of(store, dataset);
        // again: what was seen without the lock may have changed, the model too
        dataset = *catalog::find_dataset(store.id, dataset.name);
        shape = catalog::load_shape(store, dataset, types);
        for (const Step &step : plan()) {
            if (!step.statement.empty())
                execute_step(results, store.owner, step);
            if (!step.kind.empty())
                catalog::save_relation({step.name, step.kind, dataset.id, std::nullopt, step.statement});
        }
    }
    catalog::set_reconciled(dataset.id, dataset.definition_digest);
}

void reconcile_store(Results &results, const catalog::Store &store, pg::TypeCache &types)
{
    create_schema(results, {store.schema, store.owner, store.loaded_by}, "data tables of store \"" + store.name + "\"");
    for (const catalog::Dataset &dataset : catalog::datasets_of_store(store.id))
        attempt(results, shape::names(store.schema, dataset.name).merge.sql(),
                [&](Results &mine) { reconcile_dataset(mine, store, dataset, types); });
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

void reconcile_workspace(Results &results, const std::string &caller, const catalog::Workspace &workspace,
                         const std::optional<std::string> &store, pg::TypeCache &types)
{
    model::Workspace const definition = model::workspace_from_json(workspace.definition);
    std::vector<model::Sink> sinks = sinks_of(definition, store);
    std::erase_if(sinks,
                  [&](const model::Sink &sink) { return !rights::may_make_view(caller, workspace, sink.store); });
    if (sinks.empty() && (store || !rights::may_reconcile(caller, workspace)))
        return; // none of that store's business, or of the caller's
    create_schema(results, {workspace.schema, workspace.owner, workspace.loaded_by}, definition.description);
    for (const model::Sink &sink : sinks)
        attempt(results, shape::view_names(workspace.schema, sink.name).current.sql(),
                [&](Results &mine) { reconcile_sink(mine, workspace, sink, types); });
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

} // namespace

void attempt(Results &results, const std::string &object, const std::function<void(Results &)> &body)
{
    Results mine;
    std::optional<Error> const failure =
        pg::savepoint([&] { pg::with_context("reconcile of " + object, [&] { body(mine); }); },
                      pg::Also::busy_locks_and_refusals);
    if (failure)
        mine = {{object, "failed", "", failure->sqlstate + ": " + failure->message}};
    results.insert(results.end(), mine.begin(), mine.end());
}

void execute_step(Results &results, const std::string &role, const Step &step)
{
    pg::as_role(role, [&] {
        pg::set_lock_timeout(pg::settings::ddl_lock_timeout());
        pg::execute({step.action, step.statement, {}});
    });
    results.push_back({step.object, step.action, step.statement, ""});
}

std::vector<Result> run(const std::string &caller, const std::optional<std::string> &store)
{
    pg::require_read_committed();
    pg::require_writable("ds_reconcile_schema()");
    Results results;
    pg::TypeCache types;
    bool found = false;
    for (const catalog::Store &candidate : catalog::stores_in_model()) {
        if (store && candidate.name != *store)
            continue;
        found = true;
        if (store)
            rights::require_to_reconcile(caller, candidate);
        else if (!rights::may(rights::Act::reconcile_store, caller, candidate))
            continue;
        reconcile_store(results, candidate, types);
    }
    if (store && !found)
        throw Error(sqlstate::unknown_stream, "there is no store \"" + *store + "\" in the model",
                    "Names are compared letter by letter.",
                    "SELECT DISTINCT store FROM datasurface.datasets; lists the stores.");
    for (const catalog::Workspace &workspace : catalog::workspaces_in_model())
        reconcile_workspace(results, caller, workspace, store, types);
    warn_of_failures(results);
    return results;
}

} // namespace datasurface::reconcile
