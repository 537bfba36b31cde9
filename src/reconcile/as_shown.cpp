#include "reconcile/as_shown.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::reconcile {

namespace {

constexpr std::size_t digest_length = 64;
constexpr char plan_again[] = "Look at ds_plan_schema again, and pass what its column plan shows now.";

} // namespace

AsShown::AsShown(const std::string &caller, const std::optional<std::string> &store, const change::Allowed &allowed,
                 const std::string &plan)
    : whole_(allowed.rewrite && allowed.lossy)
{
    bool const is_digest =
        plan.size() == digest_length && plan.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_digest)
        throw Error(sqlstate::invalid_parameter_value, "\"" + plan + "\" is no plan",
                    "A plan is what the column plan of ds_plan_schema shows, 64 hexadecimal digits.",
                    "SELECT plan FROM datasurface.ds_plan_schema() LIMIT 1;");
    auto const add = [this](const ShownObject &object) { this->add(object); };
    Shown const now = show(caller, store, change::everything, add);
    if (!now.fingerprint.empty() && now.fingerprint != plan)
        throw Error(sqlstate::cannot_reconcile, "the model or the database is no longer as planned",
                    "The plan that was passed is " + plan + ", and now it is " + now.fingerprint +
                        ". A plan is of one value of store, or of none. Nothing was changed.",
                    plan_again);
    // tables that are changed in part need other functions and records behind
    if (!whole_)
        (void)show(caller, store, allowed, add);
}

void AsShown::add(const ShownObject &object)
{
    for (const change::Step &step : object.steps)
        steps_.insert({step.object, std::string(word(step.action)), step.statement, std::string(word(step.cost))});
}

void AsShown::require_shown(const Results &results) const
{
    for (const Result &result : results)
        if (result.timing && steps_.count({result.object, result.action, result.statement, result.cost}) == 0)
            throw Error(sqlstate::cannot_reconcile,
                        result.object + (whole_ ? " is no longer as planned" : " would be left between two models"),
                        "The plan does not have this step: " + result.statement,
                        whole_ ? plan_again : "Let allow name what waits. Or call without plan.");
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
