#include "reconcile/show.hpp"

#include <functional>
#include <map>
#include <set>
#include <utility>

#include "catalog/dataset.hpp"
#include "catalog/model_version.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"
#include "pg/digest.hpp"
#include "pg/savepoint.hpp"
#include "pg/scratch.hpp"
#include "pg/session.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/dataset_plan.hpp"
#include "reconcile/fingerprint.hpp"
#include "reconcile/orphans.hpp"
#include "reconcile/run_readers.hpp"
#include "reconcile/run_schema.hpp"
#include "reconcile/run_views.hpp"
#include "reconcile/run_views_around.hpp"
#include "reconcile/subjects.hpp"

namespace datasurface::reconcile {

namespace {

using change::Step;

// What the plans of tables mean for the views on them.
struct Tables {
    std::map<std::pair<int, std::string>, shape::Shape> changed; // by store and dataset: as they will be
    ViewsAfter views;
};

// Views and functions that are looked at stay in the session's caches, which would grow with the model.
class Caches {
public:
    void look_at(std::size_t objects)
    {
        looked_at_ += objects;
        if (looked_at_ < between)
            return;
        pg::empty_system_caches();
        looked_at_ = 0;
    }

private:
    static constexpr std::size_t between = 1000; // statements are planned again each time
    std::size_t looked_at_ = 0;
};

bool does_nothing(const std::vector<Step> &steps)
{
    for (const Step &step : steps)
        if (!step.statement.empty())
            return false;
    return true;
}

// One call of show.
struct Call {
    const Receive &receive;
    change::Allowed allowed;
    std::set<std::pair<std::string, std::string>> shown_by_sinks; // store and dataset
    std::string fingerprints = {};                                // of all objects
    Tables tables = {};
    Caches caches = {};
    pg::TypeCache types = {};
    Conditions conditions = {};
};

// The subtransaction is rolled back, so no lock is kept, and the plan of a large model fits into the table of locks.
void add(Call &call, const std::string &object, const std::function<std::vector<Step>()> &plan)
{
    pg::check_interrupts();
    ShownObject one{object, {}, std::nullopt, {}};
    pg::with_scratch_memory(
        [&] { one.error = pg::rolled_back([&] { one.steps = plan(); }, pg::OnError::return_busy_locks_and_refusals); });
    if (one.error)
        one.steps.clear();
    else if (does_nothing(one.steps))
        return;
    one.fingerprint = one.error ? fingerprint(object, *one.error) : fingerprint(object, one.steps);
    call.fingerprints += one.fingerprint;
    call.receive(one);
}

std::vector<Step> steps_of(Call &call, PlannedTables plan, const catalog::Store &store, const catalog::Dataset &dataset)
{
    if (plan.is_done())
        return {};
    std::map<int, std::string> const after = plan.columns_after();
    ViewsAround const around =
        views_around(plan.tables.now, plan.tables.steps, plan.records, plan.columns_before, after, call.conditions);
    std::vector<Step> steps = planned_to_go_before(around, plan.tables.wanted.owner);
    std::vector<Step> const behind = planned_to_follow(around, plan.tables.wanted, after);
    call.tables.views.merge(views_after(around, plan.tables.wanted, after));
    steps.insert(steps.end(), plan.tables.steps.begin(), plan.tables.steps.end());
    steps.insert(steps.end(), behind.begin(), behind.end());
    // what is refused stays as it is, and no view is made on it
    if (plan.tables.waiting.empty() && call.shown_by_sinks.contains({store.name, dataset.name}))
        call.tables.changed.emplace(std::pair(dataset.store_id, dataset.name), std::move(plan.tables.wanted));
    steps.insert(steps.end(), plan.tables.waiting.begin(), plan.tables.waiting.end());
    return steps;
}

// As reconcile and a load do it for a dataset that version 0.1.0 loaded, and nobody since: but nothing is written here.
void number_columns(catalog::Dataset &dataset)
{
    if (dataset.last_column_id > 0)
        return;
    model::Dataset definition = model::dataset_from_json(dataset.definition);
    for (model::Column &column : definition.columns) {
        column.id = ++dataset.last_column_id;
        if (dataset.reconciled_digest)
            dataset.made_columns[column.id] = column.name;
    }
    dataset.definition = model::to_json(definition);
}

void show_store(Call &call, const catalog::Store &store)
{
    add(call, sqltext::identifier(store.schema), [&] {
        return planned_schema({store.schema, store.owner, store.loaded_by},
                              "data tables of store \"" + store.name + "\"");
    });
    std::vector<catalog::Dataset> datasets = catalog::datasets_of_store(store.id);
    for (catalog::Dataset &dataset : datasets)
        number_columns(dataset);
    for (const catalog::Dataset &dataset : to_reconcile(store, datasets, call.allowed, call.types))
        add(call, shape::names(store.schema, dataset.name).merge.sql(), [&] {
            return steps_of(call, planned_tables(store, dataset, call.allowed, Rows::counted, call.types), store,
                            dataset);
        });
    call.caches.look_at(datasets.size());
}

std::vector<Step> steps_of(Call &call, SeenStores &stores, const model::Sink &sink)
{
    const auto &changed = call.tables.changed;
    auto const tables = changed.find({stores.find(sink.store).store.id, sink.dataset});
    return planned_views(stores, sink, tables == changed.end() ? nullptr : &tables->second, call.tables.views,
                         call.types);
}

void show_workspace(Call &call, const PermittedViews &views, std::optional<int> version)
{
    const catalog::Workspace &workspace = views.workspace;
    std::string const schema = sqltext::identifier(workspace.schema);
    if (!views.has_left)
        add(call, schema, [&] {
            return planned_schema({workspace.schema, workspace.owner, workspace.loaded_by}, views.description);
        });
    SeenStores stores(workspace, views.readers, version);
    for (const model::Sink &sink : views.sinks) {
        add(call, shape::view_names(workspace.schema, sink.name).current.sql(),
            [&] { return steps_of(call, stores, sink); });
        call.caches.look_at(1);
    }
    add(call, schema, [&] { return planned_readers(views); });
}

} // namespace

Shown show(const std::string &caller, const std::optional<std::string> &store, const change::Allowed &allowed,
           const Receive &receive)
{
    do_not_wait_for_locks();
    pg::plan_for_few_rows();
    Call call{receive, allowed, {}};
    std::vector<catalog::Store> const stores = permitted_stores(caller, store);
    std::optional<int> const version = catalog::current_version();
    std::vector<PermittedViews> const workspaces = permitted_views(caller, store);
    for (const PermittedViews &views : workspaces)
        for (const model::Sink &sink : views.sinks)
            call.shown_by_sinks.emplace(sink.store, sink.dataset);
    for (const catalog::Store &permitted : stores)
        show_store(call, permitted);
    for (const LeftoverView &view : permitted_leftovers(caller, store))
        add(call, view.record.name.sql(), [&] { return planned_leftover(view); });
    for (const PermittedViews &views : workspaces)
        show_workspace(call, views, version);
    Shown shown{shown_orphans(caller, store), {}};
    if (!call.fingerprints.empty())
        shown.fingerprint = pg::sha256(call.fingerprints);
    return shown;
}

} // namespace datasurface::reconcile
