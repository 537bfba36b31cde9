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
#include "pg/session.hpp"
#include "reconcile/as_shown.hpp"
#include "reconcile/dataset_plan.hpp"
#include "reconcile/record.hpp"
#include "reconcile/subjects.hpp"
#include "reconcile/tasks.hpp"

namespace datasurface::reconcile {

namespace {

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
Results run_all(const std::string &caller, const std::optional<std::string> &store, const change::Allowed &allowed,
                const AsShown *plan)
{
    Results results;
    pg::plan_for_few_rows();
    Waiting waiting;
    pg::TypeCache types;
    Conditions conditions;
    std::vector<Task> tasks;
    for (const catalog::Store &permitted : permitted_stores(caller, store)) {
        tasks.push_back(schema_of_store(permitted));
        catalog::number_columns(permitted.id);
        for (catalog::Dataset &dataset :
             to_reconcile(permitted, catalog::datasets_of_store(permitted.id), allowed, types))
            tasks.push_back(tables_of(permitted, std::move(dataset), allowed, types, conditions));
    }
    if (plan != nullptr)
        plan->bind(tasks);
    append(results, attempt(waiting, tasks));
    std::optional<int> const version = catalog::current_version();
    std::vector<PermittedViews> const workspaces = permitted_views(caller, store);
    std::vector<LeftoverView> const leftovers = permitted_leftovers(caller, store);
    tasks.clear();
    for (const LeftoverView &view : leftovers)
        tasks.push_back(leftover_of(view, allowed));
    for (const PermittedViews &views : workspaces) {
        if (!views.has_left)
            tasks.push_back(schema_of_workspace(views.workspace, views.description));
        auto const stores = std::make_shared<SeenStores>(views.workspace, views.readers, version);
        for (const model::Sink &sink : views.sinks)
            tasks.push_back(views_of(stores, sink, allowed, types));
        tasks.push_back(readers_of_workspace(views, allowed));
    }
    if (plan != nullptr)
        plan->bind(tasks);
    append(results, attempt(waiting, tasks));
    trim_records();
    warn_of_undone(results);
    return results;
}

} // namespace

std::vector<Result> run(const std::string &caller, const std::optional<std::string> &store,
                        const change::Allowed &allowed, const std::optional<std::string> &plan)
{
    pg::require_read_committed();
    pg::require_writable("reconcile");
    Error const
        full(sqlstate::out_of_memory, "the server's table of locks is full",
             "Every object that a call makes or changes stays locked until its transaction ends. Nothing was changed.",
             "CALL datasurface.ds_reconcile(); commits every few datasets. Or raise max_locks_per_transaction.");
    Results results;
    pg::with_full_lock_table_as(full, [&] {
        std::optional<AsShown> as_shown;
        if (plan)
            as_shown.emplace(caller, store, allowed, *plan);
        results = run_all(caller, store, allowed, as_shown ? &*as_shown : nullptr);
    });
    return results;
}

} // namespace datasurface::reconcile
