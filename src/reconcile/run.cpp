#include "reconcile/run.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "catalog/dataset.hpp"
#include "catalog/model_version.hpp"
#include "pg/conflict.hpp"
#include "pg/report.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/dataset_plan.hpp"
#include "reconcile/record.hpp"
#include "reconcile/run_schema.hpp"
#include "reconcile/run_tables.hpp"
#include "reconcile/run_views.hpp"
#include "reconcile/subjects.hpp"

namespace datasurface::reconcile {

namespace {

// store: empty for a workspace
Task schema_task(const rights::Schema &schema, const std::string &description, const std::string &store = {})
{
    return {sqltext::identifier(schema.name), store, "",
            [schema, description](Results &mine) { reconcile_schema(mine, schema, description); }};
}

// Datasets that are inspected together. They are in memory together too.
constexpr std::size_t inspected_at_once = 500;

// All of them when looking at them fails, so that each is tried by itself.
std::vector<catalog::Dataset> to_reconcile(const catalog::Store &store, const std::vector<catalog::Dataset> &datasets,
                                           const change::Allowed &allowed, pg::TypeCache &types)
{
    std::vector<catalog::Dataset> some;
    std::optional<Error> const failure = pg::savepoint(
        [&] {
            do_not_wait_for_locks();
            some = with_something_to_do(store, datasets, allowed, types);
        },
        pg::OnError::return_busy_locks_and_refusals);
    return failure ? datasets : some;
}

void add_store(std::vector<Task> &tasks, const catalog::Store &store, const change::Allowed &allowed,
               pg::TypeCache &types)
{
    tasks.push_back(schema_task({store.schema, store.owner, store.loaded_by},
                                "data tables of store \"" + store.name + "\"", store.name));
    catalog::number_columns(store.id);
    std::vector<catalog::Dataset> const all = catalog::datasets_of_store(store.id);
    for (std::size_t at = 0; at < all.size(); at += inspected_at_once) {
        std::vector<catalog::Dataset> const some(all.begin() + static_cast<std::ptrdiff_t>(at),
                                                 all.begin() + static_cast<std::ptrdiff_t>(
                                                                   std::min(at + inspected_at_once, all.size())));
        for (catalog::Dataset &dataset : to_reconcile(store, some, allowed, types)) {
            std::string object = shape::names(store.schema, dataset.name).merge.sql();
            std::string name = dataset.name;
            tasks.push_back({std::move(object), store.name, std::move(name),
                             [store, dataset = std::move(dataset), allowed, &types](Results &mine) {
                                 reconcile_dataset(mine, store, dataset, allowed, types);
                             }});
        }
    }
}

void add_workspace(std::vector<Task> &tasks, const PermittedViews &views, const std::optional<int> &version,
                   const change::Allowed &allowed, pg::TypeCache &types)
{
    const catalog::Workspace &workspace = views.workspace;
    auto const sources = std::make_shared<Sources>(workspace, version);
    tasks.push_back(schema_task({workspace.schema, workspace.owner, workspace.loaded_by}, views.description));
    for (const model::Sink &sink : views.sinks)
        tasks.push_back({shape::view_names(workspace.schema, sink.name).current.sql(), sink.store, sink.dataset,
                         [&types, allowed, sources, sink](Results &mine) {
                             reconcile_sink(mine, *sources, sink, allowed, types);
                         }});
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
            "The rows with action waiting show what waits, and the call that does it. Batches of a dataset fail while its tables wait.");
}

void append(Results &results, std::vector<Results> of_tasks)
{
    for (Results &mine : of_tasks)
        results.insert(results.end(), std::make_move_iterator(mine.begin()), std::make_move_iterator(mine.end()));
}

// All tables first, then the views, which are made on them.
Results run_all(const std::string &caller, const std::optional<std::string> &store, const change::Allowed &allowed)
{
    Results results;
    Waiting waiting;
    pg::TypeCache types;
    std::vector<Task> tasks;
    for (const catalog::Store &permitted : permitted_stores(caller, store))
        add_store(tasks, permitted, allowed, types);
    append(results, attempt(waiting, tasks));
    std::optional<int> const version = catalog::current_version();
    std::vector<PermittedViews> const workspaces = permitted_views(caller, store);
    std::vector<LeftoverView> const leftovers = permitted_leftovers(caller, store);
    tasks.clear();
    for (const LeftoverView &view : leftovers)
        tasks.push_back({view.record.name.sql(), view.store, view.dataset,
                         [&view, &allowed](Results &mine) { reconcile_leftover(mine, view, allowed); }});
    for (const PermittedViews &views : workspaces)
        add_workspace(tasks, views, version, allowed, types);
    append(results, attempt(waiting, tasks));
    trim_records();
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
