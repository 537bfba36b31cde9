#include "reconcile/as_shown.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "reconcile/show.hpp"

namespace datasurface::reconcile {

namespace {

constexpr char plan_again[] = "Look at ds_plan_schema again, and pass what its column plan shows now.";

} // namespace

AsShown::AsShown(const std::string &caller, const std::optional<std::string> &store, const std::string &plan)
{
    Shown const now = show(caller, store);
    if (!now.fingerprint.empty() && now.fingerprint != plan)
        throw Error(sqlstate::cannot_reconcile, "the model or the database is no longer as planned",
                    "The plan that was passed is " + plan + ", and now it is " + now.fingerprint +
                        ". A plan is of one value of store, or of none. Nothing was changed.",
                    plan_again);
    for (const ShownObject &object : now.objects)
        for (const change::Step &step : object.steps)
            steps_.insert({step.object, std::string(word(step.action)), step.statement, std::string(word(step.cost))});
}

void AsShown::require_shown(const Results &results) const
{
    for (const Result &result : results)
        if (result.timing && steps_.count({result.object, result.action, result.statement, result.cost}) == 0)
            throw Error(sqlstate::cannot_reconcile, result.object + " is no longer as planned",
                        "The plan does not have this step: " + result.statement, plan_again);
}

void AsShown::bind(std::vector<Task> &tasks) const
{
    for (Task &task : tasks)
        task.body = [this, body = std::move(task.body)](Results &mine) {
            body(mine);
            require_shown(mine);
        };
}

} // namespace datasurface::reconcile
