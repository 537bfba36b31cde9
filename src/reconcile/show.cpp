#include "reconcile/show.hpp"

#include <functional>
#include <map>
#include <utility>

#include "catalog/dataset.hpp"
#include "catalog/model_version.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"
#include "pg/digest.hpp"
#include "pg/savepoint.hpp"
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

// The subtransaction is rolled back, so no lock is kept, and the plan of a large model fits into the table of locks.
void add(Shown &shown, const std::string &object, const std::function<std::vector<Step>()> &plan)
{
    pg::check_interrupts();
    ShownObject one{object, {}, std::nullopt, {}};
    one.error = pg::rolled_back([&] { one.steps = plan(); }, pg::OnError::return_busy_locks_and_refusals);
    if (one.error)
        one.steps.clear();
    else if (does_nothing(one.steps))
        return;
    one.fingerprint = one.error ? fingerprint(object, *one.error) : fingerprint(object, one.steps);
    shown.objects.push_back(std::move(one));
}

std::vector<Step> steps_of(PlannedTables plan, const catalog::Dataset &dataset, Tables &tables, Conditions &conditions)
{
    if (plan.is_done())
        return {};
    std::map<int, std::string> const after = plan.columns_after();
    ViewsAround const around = views_around(plan.tables.steps, plan.records, plan.columns_before, after, conditions);
    std::vector<Step> steps = planned_to_go_before(around, plan.tables.wanted.owner);
    std::vector<Step> const behind = planned_to_follow(around, plan.tables.wanted, after);
    tables.views.merge(views_after(around, plan.tables.wanted, after));
    steps.insert(steps.end(), plan.tables.steps.begin(), plan.tables.steps.end());
    steps.insert(steps.end(), behind.begin(), behind.end());
    // what is refused stays as it is, and no view is made on it
    if (plan.tables.waiting.empty())
        tables.changed.emplace(std::pair(dataset.store_id, dataset.name), std::move(plan.tables.wanted));
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

void show_store(Shown &shown, Tables &tables, Caches &caches, const catalog::Store &store,
                const change::Allowed &allowed, pg::TypeCache &types, Conditions &conditions)
{
    add(shown, sqltext::identifier(store.schema), [&] {
        return planned_schema({store.schema, store.owner, store.loaded_by},
                              "data tables of store \"" + store.name + "\"");
    });
    std::vector<catalog::Dataset> datasets = catalog::datasets_of_store(store.id);
    for (catalog::Dataset &dataset : datasets)
        number_columns(dataset);
    for (const catalog::Dataset &dataset : to_reconcile(store, datasets, allowed, types))
        add(shown, shape::names(store.schema, dataset.name).merge.sql(), [&] {
            return steps_of(planned_tables(store, dataset, allowed, Conversions::tried, types), dataset, tables,
                            conditions);
        });
    caches.look_at(datasets.size());
}

std::vector<Step> steps_of(SeenStores &stores, const model::Sink &sink, const Tables &tables, pg::TypeCache &types)
{
    auto const changed = tables.changed.find({stores.find(sink.store).store.id, sink.dataset});
    return planned_views(stores, sink, changed == tables.changed.end() ? nullptr : &changed->second, tables.views,
                         types);
}

void show_workspace(Shown &shown, const Tables &tables, Caches &caches, const PermittedViews &views,
                    std::optional<int> version, pg::TypeCache &types)
{
    const catalog::Workspace &workspace = views.workspace;
    std::string const schema = sqltext::identifier(workspace.schema);
    if (!views.has_left)
        add(shown, schema, [&] {
            return planned_schema({workspace.schema, workspace.owner, workspace.loaded_by}, views.description);
        });
    SeenStores stores(workspace, views.readers, version);
    for (const model::Sink &sink : views.sinks) {
        add(shown, shape::view_names(workspace.schema, sink.name).current.sql(),
            [&] { return steps_of(stores, sink, tables, types); });
        caches.look_at(1);
    }
    add(shown, schema, [&] { return planned_readers(views); });
}

} // namespace

Shown show(const std::string &caller, const std::optional<std::string> &store, const change::Allowed &allowed)
{
    Shown shown;
    Tables tables;
    Caches caches;
    do_not_wait_for_locks();
    pg::plan_for_few_rows();
    pg::TypeCache types;
    Conditions conditions;
    for (const catalog::Store &permitted : permitted_stores(caller, store))
        show_store(shown, tables, caches, permitted, allowed, types, conditions);
    std::optional<int> const version = catalog::current_version();
    for (const LeftoverView &view : permitted_leftovers(caller, store))
        add(shown, view.record.name.sql(), [&] { return planned_leftover(view); });
    for (const PermittedViews &views : permitted_views(caller, store))
        show_workspace(shown, tables, caches, views, version, types);
    shown.orphans = shown_orphans(caller, store);
    std::string all;
    for (const ShownObject &object : shown.objects)
        all += object.fingerprint;
    if (!all.empty())
        shown.fingerprint = pg::sha256(all);
    return shown;
}

} // namespace datasurface::reconcile
