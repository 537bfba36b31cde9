#include "reconcile/run_readers.hpp"

#include <map>
#include <set>
#include <string>

#include "catalog/relation.hpp"
#include "catalog/schema_reader.hpp"
#include "change/readers.hpp"
#include "reconcile/inspect_readers.hpp"
#include "reconcile/run_steps.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

using Schemas = std::set<std::string>;

// Readers need USAGE on these, whatever the model says.
Schemas schemas_with_views(const catalog::Workspace &workspace)
{
    Schemas schemas;
    for (const catalog::Relation &view : catalog::views_of_workspace(workspace.id))
        schemas.insert(view.name.schema);
    return schemas;
}

void plan_schema(change::Planned &plan, const std::string &schema, const catalog::Workspace &workspace,
                 const model::Roles &wanted, const std::set<std::string> &ours)
{
    change::Readable object = change::usage_on(schema);
    if (!rights::may_grant_usage(workspace.owner, schema))
        object.refusal = "role " + sqltext::identifier(workspace.owner) +
                         ", the owner of the workspace, may not grant USAGE on this schema";
    change::settle_readers(plan, object,
                           {known_readers(wanted), users_of_schema(schema, workspace.owner), ours,
                            catalog::schema_readers_of_others(workspace.id, schema)});
}

// kept: schemas in which nobody loses anything yet
change::Planned plan(const PermittedViews &views, const Schemas &kept, const change::Allowed &allowed)
{
    change::Planned plan{allowed};
    const catalog::Workspace &workspace = views.workspace;
    std::map<std::string, std::set<std::string>> recorded = catalog::schema_readers(workspace.id);
    if (!views.readers.empty())
        recorded.try_emplace(workspace.schema);
    for (const auto &[schema, ours] : recorded)
        if (schema == workspace.schema && !views.has_left)
            plan_schema(plan, schema, workspace, views.readers, ours);
        else if (!kept.contains(schema))
            plan_schema(plan, schema, workspace, {}, ours);
    return plan;
}

} // namespace

void reconcile_readers(Results &results, const PermittedViews &views, const change::Allowed &allowed)
{
    change::Planned const planned = plan(views, schemas_with_views(views.workspace), allowed);
    run_steps(results, {0, views.workspace.id, {}, views.workspace.owner}, planned.steps);
    report_waiting(results, planned.waiting);
}

std::vector<change::Step> planned_readers(const PermittedViews &views)
{
    change::Planned planned = plan(views, {}, change::everything);
    planned.steps.insert(planned.steps.end(), planned.waiting.begin(), planned.waiting.end());
    return std::move(planned.steps);
}

} // namespace datasurface::reconcile
