#include "reconcile/run_steps.hpp"

#include "catalog/relation.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"

namespace datasurface::reconcile {

namespace {

// Privileges that are granted only during the call are not reported.
bool is_reported(Action action)
{
    return action != Action::grant && action != Action::revoke;
}

void record_step(const Target &target, const Step &step)
{
    if (!step.kind)
        return;
    if (step.action == Action::drop)
        catalog::forget_relation(step.name, *step.kind);
    else
        catalog::save_relation({step.name, *step.kind, target.dataset, target.workspace, step.statement});
}

} // namespace

void execute_step(Results &results, const std::string &role, const Step &step)
{
    pg::as_role(role, [&] { pg::execute({std::string(word(step.action)), step.statement, {}}); });
    if (is_reported(step.action))
        results.push_back({step.object, step.action, step.statement, "", "", ""});
}

void run_steps(Results &results, const Target &target, const std::vector<Step> &steps)
{
    for (const Step &step : steps) {
        if (!step.statement.empty())
            execute_step(results, step.role == Role::store_owner ? target.store_owner : target.workspace_owner, step);
        record_step(target, step);
    }
}

} // namespace datasurface::reconcile
