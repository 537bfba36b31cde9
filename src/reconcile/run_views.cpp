#include "reconcile/run_views.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
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

Plan plan_sink(Sources &sources, const model::Sink &sink, pg::TypeCache &types)
{
    Plan plan;
    plan.sink = inspect_sink(sources, sink, types);
    const std::string &schema = sources.workspace().schema;
    plan.wanted = wanted_views(shape::view_names(schema, sink.name), plan.sink.shape);
    plan.steps = plan_views(plan.wanted, schema, plan.sink.actual, plan.sink.dataset.id);
    return plan;
}

// The dataset's row keeps other calls from its views. Its tables do not change under the plan that is made now; the views are
// locked before them, in the order of readers.
Plan lock_and_plan(Sources &sources, const model::Sink &sink, const Plan &seen, pg::TypeCache &types)
{
    if (!catalog::lock_dataset(seen.sink.dataset.id))
        throw Busy(shape::title(seen.sink.shape));
    sources.look_again(sink.store);
    take_locks(own_views(sources.workspace().schema, seen.sink.actual),
               changes_views(seen.steps) ? pg::Lock::access_exclusive : pg::Lock::share_update_exclusive);
    take_locks(seen.sink.tables, pg::Lock::access_share);
    Plan plan = plan_sink(sources, sink, types);
    require_tables(plan.sink.shape, plan.sink.has_tables);
    return plan;
}

void execute(Results &results, const catalog::Workspace &workspace, const Plan &plan)
{
    const std::string &owner = plan.sink.shape.owner;
    std::vector<Step> const steps =
        with_loan(plan.steps, {workspace.schema, owner, lacking_rights(owner, workspace.schema)});
    run_steps(results, {plan.sink.dataset.id, workspace.id, owner, workspace.owner}, steps);
}

// Default privileges may have let somebody in whom the store does not want there.
void require_readers(const Plan &plan, const catalog::Workspace &workspace)
{
    for (const WantedView &view : plan.wanted) {
        std::vector<std::string> const unwanted = rights::unwanted_readers(view.name, plan.sink.seen);
        if (!unwanted.empty())
            throw Error(sqlstate::insufficient_privilege,
                        "view " + view.name.sql() + " could be read by role \"" + unwanted.front() + "\"",
                        "Store \"" + plan.sink.seen.store +
                            "\" does not name that role among the readers of workspace \"" + workspace.name + "\".",
                        "REVOKE it, on the view or in the default privileges of the store's owner; or name it.");
    }
}

} // namespace

void reconcile_sink(Results &results, Sources &sources, const model::Sink &sink, pg::TypeCache &types)
{
    Plan plan = plan_sink(sources, sink, types);
    if (!plan.steps.empty()) {
        require_tables(plan.sink.shape, plan.sink.has_tables);
        plan = lock_and_plan(sources, sink, plan, types);
        execute(results, sources.workspace(), plan);
    }
    require_readers(plan, sources.workspace());
}

} // namespace datasurface::reconcile
