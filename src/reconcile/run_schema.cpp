#include "reconcile/run_schema.hpp"

#include "reconcile/inspect.hpp"
#include "reconcile/run_steps.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

namespace {

// As its owner, or as the role that loaded the model; never with the caller's rights.
const std::string &role_of(const change::Step &step, const std::string &maker, const rights::Schema &schema)
{
    return step.action == change::Action::create ? maker : schema.owner;
}

} // namespace

std::vector<change::Step> planned_schema(const rights::Schema &schema, const std::string &description)
{
    if (schema_exists(schema.name))
        return {};
    (void)rights::maker_of(schema);
    std::string const name = sqltext::identifier(schema.name);
    std::vector<change::Step> steps;
    steps.push_back({name,
                     change::Action::create,
                     "CREATE SCHEMA " + name + " AUTHORIZATION " + sqltext::identifier(schema.owner),
                     std::nullopt,
                     {}});
    if (!description.empty())
        steps.push_back({name,
                         change::Action::comment,
                         "COMMENT ON SCHEMA " + name + " IS " + sqltext::literal(description),
                         std::nullopt,
                         {}});
    return steps;
}

void reconcile_schema(Results &results, const rights::Schema &schema, const std::string &description)
{
    std::vector<change::Step> const steps = planned_schema(schema, description);
    if (steps.empty())
        return;
    std::string const maker = rights::maker_of(schema);
    for (const change::Step &step : steps)
        execute_step(results, role_of(step, maker, schema), step);
}

} // namespace datasurface::reconcile
