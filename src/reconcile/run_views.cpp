#include "reconcile/run_views.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/relation.hpp"
#include "change/view_gone.hpp"
#include "guard/doors.hpp"
#include "pg/table.hpp"
#include "reconcile/plan_views.hpp"
#include "reconcile/run_steps.hpp"

namespace datasurface::reconcile {

namespace {

struct Plan {
    ActualSink sink;
    change::Views views;

    bool is_done() const { return views.steps.empty() && views.waiting.empty(); }
};

Plan plan_sink(SeenStores &stores, const model::Sink &sink, const change::Allowed &allowed, pg::TypeCache &types,
               const shape::Shape *tables = nullptr, const ViewsAfter &after = {})
{
    Plan plan{inspect_sink(stores, sink, tables, types), {}};
    for (auto &[kind, view] : plan.sink.actual.ours)
        if (auto const changed = after.find(view.object.name); changed != after.end()) {
            if (changed->second.recreated)
                view = *changed->second.recreated;
            view.object.owner = changed->second.owner;
        }
    auto const planned = [&] { return plan_views(plan.sink.wanted, plan.sink.milestoned, plan.sink.actual, allowed); };
    plan.views = planned();
    if (!plan.views.asks_for_dependents)
        return plan;
    for (auto &[kind, view] : plan.sink.actual.ours)
        inspect_around(view);
    plan.views = planned();
    return plan;
}

// None when the dataset no longer exists; the plan then reports it.
std::optional<catalog::Dataset> lock_dataset_of(SeenStores &stores, const model::Sink &sink)
{
    std::optional<catalog::Dataset> dataset = catalog::find_dataset(stores.find(sink.store).store.id, sink.dataset);
    if (dataset && !catalog::lock_dataset(dataset->id))
        throw LockNotAvailable("dataset \"" + sink.dataset + "\" of store \"" + sink.store + "\"");
    return dataset;
}

// Locks the views first, as readers do, even if they now show another dataset. Locks only objects of ours.
void lock_views_and_tables(SeenStores &stores, const model::Sink &sink, const catalog::Dataset &dataset, pg::Lock lock)
{
    std::vector<sqltext::Qualified> views, tables, history;
    for (const catalog::Relation &relation : records_of_sink(stores, sink))
        views.push_back(relation.name);
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
Plan lock_and_plan(SeenStores &stores, const model::Sink &sink, pg::Lock lock, const change::Allowed &allowed,
                   pg::TypeCache &types)
{
    std::optional<catalog::Dataset> const dataset = lock_dataset_of(stores, sink);
    stores.check_again(sink.store);
    if (dataset)
        lock_views_and_tables(stores, sink, *dataset, lock);
    return plan_sink(stores, sink, allowed, types);
}

pg::Lock lock_for(const std::vector<Step> &steps)
{
    change::Lock strongest = change::Lock::none;
    for (const Step &step : steps)
        strongest = std::max(strongest, step.lock);
    switch (strongest) {
    case change::Lock::access_exclusive:
        return pg::Lock::access_exclusive;
    case change::Lock::none:
        return pg::Lock::access_share;
    case change::Lock::share_update_exclusive:
    case change::Lock::share:
        break;
    }
    return pg::Lock::share_update_exclusive;
}

std::vector<Loan> loans_for(const std::vector<std::string> &schemas, const std::vector<std::string> &borrowers)
{
    std::vector<Loan> loans;
    for (const std::string &schema : schemas)
        for (const std::string &borrower : borrowers)
            loans.push_back({schema, borrower, rights::missing_to_create_in(borrower, schema)});
    return loans;
}

std::vector<std::string> schemas_of(const Plan &plan)
{
    std::set<std::string> schemas;
    for (const change::WantedView &view : plan.sink.wanted)
        schemas.insert(view.name.schema);
    for (const auto &[kind, view] : plan.sink.actual.ours)
        if (view.object.exists)
            schemas.insert(view.object.name.schema);
    return {schemas.begin(), schemas.end()};
}

void execute(Results &results, const catalog::Workspace &workspace, const Plan &plan)
{
    const std::string &owner = plan.sink.shape.owner, &loader = plan.sink.store.loaded_by;
    bool const loader_acts = std::any_of(plan.views.steps.begin(), plan.views.steps.end(),
                                         [](const Step &step) { return step.role == change::Role::loader; });
    std::vector<Step> const steps =
        plan.views.steps.empty()
            ? std::vector<Step>()
            : with_loans(plan.views.steps,
                         loans_for(schemas_of(plan), loader_acts ? std::vector{owner, loader} : std::vector{owner}));
    run_steps(results, {plan.sink.dataset.id, workspace.id, owner, workspace.owner, loader}, steps);
    for (const Step &step : plan.views.steps)
        if (step.with_condition)
            require_harmless(step.name);
    report_waiting(results, plan.views.waiting);
}

void require_readers(const Plan &plan, const catalog::Workspace &workspace)
{
    std::set<std::string> ours;
    for (const auto &[kind, view] : plan.sink.actual.ours)
        ours.insert(view.granted.begin(), view.granted.end());
    for (const change::WantedView &view : plan.sink.wanted)
        reconcile::require_readers(view.name, plan.sink.access, workspace.name, ours);
    for (const auto &[kind, view] : plan.sink.actual.ours)
        reconcile::require_readers(view.object.name, plan.sink.access, workspace.name, ours);
}

// What planning without locks found.
struct Forecast {
    bool nothing_to_do = false;
    pg::Lock lock = pg::Lock::access_share; // the mode that the views need
};

// Reads by several statements, so the results may be inconsistent while another call changes these views. An error is therefore
// reported only when it occurs again under locks; a reader's locks suffice.
Forecast plan_without_locks(SeenStores &stores, const model::Sink &sink, const change::Allowed &allowed,
                            pg::TypeCache &types)
{
    try {
        if (records_of_sink(stores, sink).empty())
            return {false, pg::Lock::access_exclusive}; // of views that are not there
        Plan const plan = plan_sink(stores, sink, allowed, types);
        if (!plan.is_done())
            return {false, lock_for(plan.views.steps)};
        require_readers(plan, stores.workspace());
        return {true};
    } catch (const Error &) {
        return {};
    }
}

// Throws LockNotAvailable when the plan that was made under locks needs a stronger one; the next attempt takes it.
void require_lock_enough(const Plan &plan, pg::Lock lock)
{
    if (lock < lock_for(plan.views.steps))
        throw LockNotAvailable("something that " + shape::title(plan.sink.shape) + " needs");
}

change::Views plan_leftover(const LeftoverView &leftover, const change::ActualView &view,
                            const change::Allowed &allowed)
{
    change::Views views{{allowed}};
    change::drop_view(views, view, leftover.record.kind,
                      "no sink of workspace \"" + leftover.workspace.name + "\" is for it any more");
    return views;
}

change::ActualView inspect_leftover(const LeftoverView &leftover)
{
    change::ActualView view = inspect_view(leftover.record, {});
    inspect_around(view);
    return view;
}

} // namespace

void require_harmless(const sqltext::Qualified &view)
{
    guard::check_conditions({"condition_of_view", "SELECT FROM " + view.sql(), {}}, "view " + view.sql());
}

void require_readers(const sqltext::Qualified &view, const rights::SeenStore &seen, const std::string &workspace,
                     const std::set<std::string> &ours)
{
    std::vector<std::string> unwanted = rights::unwanted_readers(view, seen);
    std::erase_if(unwanted, [&](const std::string &role) { return ours.contains(role); });
    if (!unwanted.empty())
        throw Error(
            sqlstate::insufficient_privilege,
            "view " + view.sql() + " could be read by role \"" + unwanted.front() + "\"",
            "Store \"" + seen.store + "\" does not name that role among the readers of workspace \"" + workspace +
                "\".",
            "REVOKE the privilege, on the view or in the default privileges of the store's owner. Or name the role among "
            "the readers.");
}

void reconcile_sink(Results &results, SeenStores &stores, const model::Sink &sink, const change::Allowed &allowed,
                    pg::TypeCache &types)
{
    Forecast const forecast = plan_without_locks(stores, sink, allowed, types);
    if (forecast.nothing_to_do)
        return;
    Plan const plan = lock_and_plan(stores, sink, forecast.lock, allowed, types);
    require_lock_enough(plan, forecast.lock);
    execute(results, stores.workspace(), plan);
    require_readers(plan, stores.workspace());
}

std::vector<Step> planned_views(SeenStores &stores, const model::Sink &sink, const shape::Shape *tables,
                                const ViewsAfter &after, pg::TypeCache &types)
{
    Plan plan = plan_sink(stores, sink, change::everything, types, tables, after);
    require_readers(plan, stores.workspace());
    std::vector<Step> steps = std::move(plan.views.steps);
    steps.insert(steps.end(), plan.views.waiting.begin(), plan.views.waiting.end());
    return steps;
}

void reconcile_leftover(Results &results, const LeftoverView &leftover, const change::Allowed &allowed)
{
    const catalog::Workspace &workspace = leftover.workspace;
    const catalog::Relation &record = leftover.record;
    take_locks({record.name}, allowed.lossy ? pg::Lock::access_exclusive : pg::Lock::access_share);
    change::ActualView const view = inspect_leftover(leftover);
    change::Views const views = plan_leftover(leftover, view, allowed);
    std::vector<Step> const steps =
        view.object.exists ? with_loans(views.steps, loans_for({record.name.schema}, {record.owner})) : views.steps;
    run_steps(results, {record.dataset_id, workspace.id, record.owner, workspace.owner}, steps);
    report_waiting(results, views.waiting);
}

std::vector<Step> planned_leftover(const LeftoverView &leftover)
{
    change::Views views = plan_leftover(leftover, inspect_leftover(leftover), change::everything);
    return views.waiting.empty() ? std::move(views.steps) : std::move(views.waiting);
}

} // namespace datasurface::reconcile
