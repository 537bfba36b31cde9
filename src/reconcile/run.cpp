#include "reconcile/run.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "catalog/dataset.hpp"
#include "catalog/model_version.hpp"
#include "catalog/unknown_store.hpp"
#include "model/parse.hpp"
#include "pg/conflict.hpp"
#include "pg/report.hpp"
#include "pg/session.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/run_steps.hpp"
#include "reconcile/run_tables.hpp"
#include "reconcile/run_views.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

// Creates the schema as its owner, or as the role that loaded the model; never with the caller's rights.
void create_schema(Results &results, const rights::Schema &schema, const std::string &description)
{
    if (schema_exists(schema.name))
        return;
    std::string const name = sqltext::identifier(schema.name);
    execute_step(results, rights::maker_of(schema),
                 {name,
                  change::Action::create,
                  "CREATE SCHEMA " + name + " AUTHORIZATION " + sqltext::identifier(schema.owner),
                  std::nullopt,
                  {}});
    if (!description.empty())
        execute_step(results, schema.owner,
                     {name,
                      change::Action::comment,
                      "COMMENT ON SCHEMA " + name + " IS " + sqltext::literal(description),
                      std::nullopt,
                      {}});
}

Task schema_task(rights::Schema schema, std::string description)
{
    std::string const object = sqltext::identifier(schema.name);
    return {object, [schema = std::move(schema), description = std::move(description)](Results &mine) {
                create_schema(mine, schema, description);
            }};
}

void add_store(std::vector<Task> &tasks, const catalog::Store &store, const change::Allowed &allowed,
               pg::TypeCache &types)
{
    tasks.push_back(
        schema_task({store.schema, store.owner, store.loaded_by}, "data tables of store \"" + store.name + "\""));
    catalog::number_columns(store.id);
    for (catalog::Dataset &dataset : catalog::datasets_of_store(store.id)) {
        std::string object = shape::names(store.schema, dataset.name).merge.sql();
        tasks.push_back({std::move(object), [store, dataset = std::move(dataset), allowed, &types](Results &mine) {
                             reconcile_dataset(mine, store, dataset, allowed, types);
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

// The sinks whose views the caller may make. Rights are looked up once per store.
std::vector<model::Sink> permitted_sinks(std::vector<model::Sink> sinks, const std::string &caller,
                                         const catalog::Workspace &workspace)
{
    std::map<std::string, bool> may_by_store;
    std::erase_if(sinks, [&](const model::Sink &sink) {
        auto const [known, is_new] = may_by_store.try_emplace(sink.store, false);
        if (is_new)
            known->second = rights::may_make_view(caller, workspace, sink.store);
        return !known->second;
    });
    return sinks;
}

void add_workspace(std::vector<Task> &tasks, const std::string &caller, std::shared_ptr<Sources> sources,
                   const std::optional<std::string> &store, pg::TypeCache &types)
{
    const catalog::Workspace &workspace = sources->workspace();
    model::Workspace const definition = model::workspace_from_json(workspace.definition);
    std::vector<model::Sink> const sinks = permitted_sinks(sinks_of(definition, store), caller, workspace);
    if (sinks.empty() && (store || !rights::may_reconcile(caller, workspace)))
        return; // it has no sink on that store, or the caller may make nothing in it
    tasks.push_back(schema_task({workspace.schema, workspace.owner, workspace.loaded_by}, definition.description));
    for (const model::Sink &sink : sinks)
        tasks.push_back({shape::view_names(workspace.schema, sink.name).current.sql(),
                         [&types, sources, sink](Results &mine) { reconcile_sink(mine, *sources, sink, types); }});
}

std::ptrdiff_t count_of(const Results &results, std::string_view action)
{
    return std::count_if(results.begin(), results.end(), [&](const Result &r) { return r.action == action; });
}

// For a caller that does not look at the result rows.
void warn_of_undone(const Results &results)
{
    if (std::ptrdiff_t const count = count_of(results, failed); count > 0)
        pg::warn("ds_reconcile_schema could not do everything: " + std::to_string(count) + " failed",
                 "The rows with action failed show what failed and why. Everything else is done.");
    if (std::ptrdiff_t const count = count_of(results, waiting); count > 0)
        pg::warn(
            "ds_reconcile_schema did not do everything: " + counted(count, "step waits", "steps wait"),
            "The rows with action waiting show what waits, and the call that does it. Batches of these datasets fail until then.");
}

[[noreturn]] void refuse_stream(const std::string &what, const catalog::Store &store, const std::string &dataset)
{
    std::string const call = "ds_reconcile_schema(" + sqltext::literal(store.name) + ")";
    std::optional<catalog::Dataset> const found = catalog::find_dataset(store.id, dataset);
    if (found && found->in_model)
        throw Error(sqlstate::unknown_stream, what, "It looks like a stream; stores are reconciled as a whole.",
                    "Name the store: " + call + ".");
    std::string const of_store = "dataset \"" + dataset + "\" of store \"" + store.name + "\"";
    throw Error(sqlstate::unknown_stream, what,
                found ? "It looks like a stream, but " + of_store + " has left the model."
                      : "It looks like a stream, but the model names no " + of_store + ".",
                "Load a model that has the dataset, with ds_load_model; then call " + call + ".");
}

[[noreturn]] void refuse_store(const std::string &name)
{
    std::string const what = "there is no store \"" + name + "\" in the model";
    std::size_t const hash = name.find('#');
    std::string const store = name.substr(0, hash);
    bool const is_stream = hash != std::string::npos && catalog::find_store(store);
    if (std::optional<catalog::Store> const found = is_stream ? catalog::find_store_in_model(store) : std::nullopt)
        refuse_stream(what, *found, name.substr(hash + 1));
    catalog::UnknownStore const unknown =
        catalog::unknown_store(is_stream ? store : name,
                               "SELECT DISTINCT store FROM datasurface.datasets; lists the stores.");
    throw Error(sqlstate::unknown_stream, what, unknown.detail, unknown.hint);
}

std::vector<Task> tasks_of_stores(const std::string &caller, const std::optional<std::string> &store,
                                  const change::Allowed &allowed, pg::TypeCache &types)
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
        add_store(tasks, candidate, allowed, types);
    }
    if (store && !found)
        refuse_store(*store);
    return tasks;
}

// All tables first, then the views, which are made on them.
Results run_all(const std::string &caller, const std::optional<std::string> &store, const change::Allowed &allowed)
{
    Results results;
    Waiting waiting;
    pg::TypeCache types;
    attempt(results, waiting, tasks_of_stores(caller, store, allowed, types));
    std::optional<int> const version = catalog::current_version();
    std::vector<catalog::Workspace> const workspaces = catalog::workspaces_in_model();
    std::vector<Task> tasks;
    for (const catalog::Workspace &workspace : workspaces)
        add_workspace(tasks, caller, std::make_shared<Sources>(workspace, version), store, types);
    attempt(results, waiting, tasks);
    warn_of_undone(results);
    return results;
}

} // namespace

std::vector<Result> run(const std::string &caller, const std::optional<std::string> &store,
                        const change::Allowed &allowed)
{
    pg::require_read_committed();
    pg::require_writable("reconcile");
    Error const
        full(sqlstate::out_of_memory, "the server's table of locks is full",
             "Every object that a call makes or changes stays locked until its transaction ends. Nothing was changed.",
             "Reconcile store by store: ds_reconcile_schema(store => '...'). If one store is too large, load its "
             "datasets in parts, and reconcile after each part. Or raise max_locks_per_transaction.");
    Results results;
    pg::with_full_lock_table_as(full, [&] { results = run_all(caller, store, allowed); });
    return results;
}

} // namespace datasurface::reconcile
