#include "reconcile/run_views.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/relation.hpp"
#include "pg/table.hpp"
#include "reconcile/plan_views.hpp"
#include "reconcile/run_steps.hpp"

namespace datasurface::reconcile {

namespace {

struct Plan {
    ActualSink sink;
    std::vector<WantedView> wanted;
    std::vector<Step> steps;
};

void forget(ActualViews &actual, const std::set<sqltext::Qualified> &dropped)
{
    for (const sqltext::Qualified &view : dropped)
        actual.relations.erase(view.name);
    std::erase_if(actual.ours, [&](const auto &view) { return actual.relations.count(view.first.second) == 0; });
}

// dropped: views that the plan finds as if they were no longer there
Plan plan_sink(Sources &sources, const model::Sink &sink, pg::TypeCache &types, const shape::Shape *tables = nullptr,
               const std::set<sqltext::Qualified> &dropped = {})
{
    Plan plan;
    plan.sink = inspect_sink(sources, sink, tables, types);
    if (!dropped.empty())
        forget(plan.sink.actual, dropped);
    const std::string &schema = sources.workspace().schema;
    plan.wanted = wanted_views(shape::view_names(schema, sink.name), plan.sink.shape);
    plan.steps = plan_views(plan.wanted, schema, plan.sink.actual, plan.sink.dataset.id);
    return plan;
}

// None when the dataset no longer exists; the plan then reports it.
std::optional<catalog::Dataset> lock_dataset_of(Sources &sources, const model::Sink &sink)
{
    std::optional<catalog::Dataset> dataset = catalog::find_dataset(sources.find(sink.store).store.id, sink.dataset);
    if (dataset && !catalog::lock_dataset(dataset->id))
        throw LockNotAvailable("dataset \"" + sink.dataset + "\" of store \"" + sink.store + "\"");
    return dataset;
}

// Locks the views first, as readers do, even if they now show another dataset. Locks only objects of ours.
void lock_views_and_tables(const catalog::Workspace &workspace, const model::Sink &sink,
                           const catalog::Dataset &dataset, pg::Lock lock)
{
    shape::ViewNames const names = shape::view_names(workspace.schema, sink.name);
    std::vector<sqltext::Qualified> views, tables, history;
    for (const sqltext::Qualified &name : {names.current, names.full})
        for (const catalog::Relation &relation : catalog::relations_named(name))
            if (relation.workspace_id == workspace.id)
                views.push_back(name);
    for (const catalog::Relation &relation : catalog::relations_of_dataset(dataset.id))
        if (relation.kind == shape::RelationKind::merge)
            tables.push_back(relation.name);
        else if (relation.kind == shape::RelationKind::history)
            history.push_back(relation.name);
    take_locks(views, lock);
    take_locks(tables, pg::Lock::access_share);
    take_locks(history, pg::Lock::access_share);
}

// Locks the dataset's row, so no other call makes its views, then the views and tables, so they do not change under the plan.
// lock: the mode for the views.
Plan lock_and_plan(Sources &sources, const model::Sink &sink, pg::Lock lock, pg::TypeCache &types)
{
    std::optional<catalog::Dataset> const dataset = lock_dataset_of(sources, sink);
    sources.check_again(sink.store);
    if (dataset)
        lock_views_and_tables(sources.workspace(), sink, *dataset, lock);
    Plan plan = plan_sink(sources, sink, types);
    require_tables(plan.sink.shape, plan.sink.has_tables);
    return plan;
}

pg::Lock lock_for(const std::vector<Step> &steps)
{
    if (steps.empty())
        return pg::Lock::access_share;
    return changes_views(steps) ? pg::Lock::access_exclusive : pg::Lock::share_update_exclusive;
}

void execute(Results &results, const catalog::Workspace &workspace, const Plan &plan)
{
    const std::string &owner = plan.sink.shape.owner;
    std::vector<Step> const steps =
        with_loan(plan.steps, {workspace.schema, owner, rights::missing_to_create_in(owner, workspace.schema)});
    run_steps(results, {plan.sink.dataset.id, workspace.id, owner, workspace.owner}, steps);
}

// Default privileges may have granted a role access that the store does not allow. Throws 42501 then.
void require_readers(const Plan &plan, const catalog::Workspace &workspace)
{
    for (const WantedView &view : plan.wanted) {
        std::vector<std::string> const unwanted = rights::unwanted_readers(view.name, plan.sink.access);
        if (!unwanted.empty())
            throw Error(
                sqlstate::insufficient_privilege,
                "view " + view.name.sql() + " could be read by role \"" + unwanted.front() + "\"",
                "Store \"" + plan.sink.access.store + "\" does not name that role among the readers of workspace \"" +
                    workspace.name + "\".",
                "REVOKE the privilege, on the view or in the default privileges of the store's owner. Or name the role among "
                "the readers.");
    }
}

// What planning without locks found.
struct Forecast {
    bool nothing_to_do = false;
    pg::Lock lock = pg::Lock::access_share; // the mode that the views need
};

// Reads by several statements, so the results may be inconsistent while another call changes these views. An error is therefore
// reported only when it occurs again under locks; a reader's locks suffice.
Forecast plan_without_locks(Sources &sources, const model::Sink &sink, pg::TypeCache &types)
{
    try {
        Plan const plan = plan_sink(sources, sink, types);
        if (!plan.steps.empty()) {
            require_tables(plan.sink.shape, plan.sink.has_tables);
            return {false, lock_for(plan.steps)};
        }
        require_readers(plan, sources.workspace());
        return {true};
    } catch (const Error &) {
        return {};
    }
}

// Throws LockNotAvailable when the plan that was made under locks needs a stronger one; the next attempt takes it.
void require_lock_enough(const Plan &plan, pg::Lock lock)
{
    if (lock < lock_for(plan.steps))
        throw LockNotAvailable("something that " + shape::title(plan.sink.shape) + " needs");
}

// The lock of a step on the view itself.
change::Lock lock_of_step(const Step &step)
{
    switch (step.action) {
    case change::Action::replace:
    case change::Action::drop:
        return change::Lock::access_exclusive;
    case change::Action::comment:
        return change::Lock::share_update_exclusive;
    default:
        return step.lock;
    }
}

} // namespace

std::vector<Step> planned_views(Sources &sources, const model::Sink &sink, const shape::Shape *tables,
                                const std::set<sqltext::Qualified> &dropped, pg::TypeCache &types)
{
    Plan plan = plan_sink(sources, sink, types, tables, dropped);
    if (!plan.steps.empty())
        require_tables(plan.sink.shape, plan.sink.has_tables);
    require_readers(plan, sources.workspace());
    for (Step &step : plan.steps)
        step.lock = lock_of_step(step);
    return std::move(plan.steps);
}

void reconcile_sink(Results &results, Sources &sources, const model::Sink &sink, pg::TypeCache &types)
{
    Forecast const forecast = plan_without_locks(sources, sink, types);
    if (forecast.nothing_to_do)
        return;
    Plan const plan = lock_and_plan(sources, sink, forecast.lock, types);
    require_lock_enough(plan, forecast.lock);
    execute(results, sources.workspace(), plan);
    require_readers(plan, sources.workspace());
}

void reconcile_sink_on(Results &results, Sources &sources, const model::Sink &sink, const shape::Shape &tables,
                       pg::TypeCache &types)
{
    Plan const plan = plan_sink(sources, sink, types, &tables);
    execute(results, sources.workspace(), plan);
    require_readers(plan, sources.workspace());
}

} // namespace datasurface::reconcile
