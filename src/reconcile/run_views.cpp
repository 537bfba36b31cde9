#include "reconcile/run_views.hpp"

#include <algorithm>
#include <functional>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/relation.hpp"
#include "catalog/shape.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "pg/table.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/plan_views.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

struct WantedView {
    sqltext::Qualified name;
    std::string kind;
    std::string definition;
    std::string comment;
};

std::vector<WantedView> wanted_views(const catalog::Workspace &workspace, const model::Sink &sink,
                                     const shape::Shape &shape)
{
    shape::ViewNames const names = shape::view_names(workspace.schema, sink.name);
    std::string const subject = "dataset \"" + sink.dataset + "\" of store \"" + sink.store + "\"";
    std::vector<WantedView> wanted = {
        {names.current, "view", current_view(names.current, shape), "current rows of " + subject}};
    if (shape.milestoned)
        wanted.push_back(
            {names.full, "full_view", full_view(names.full, shape), "all versions of the rows of " + subject});
    return wanted;
}

// A view that comes to show another dataset is made anew: its grants were given on what it showed before.
bool shows_another(const Made &made, int dataset)
{
    return made.dataset != dataset;
}

std::vector<Step> plan_view(const WantedView &view, const Actual &actual, int dataset)
{
    auto const existing = actual.relations.find(view.name.name);
    auto const ours = actual.ours.find({view.kind, view.name.name});
    bool const anew =
        existing == actual.relations.end() || (ours != actual.ours.end() && shows_another(ours->second, dataset));
    if (!anew && ours == actual.ours.end())
        throw Error(sqlstate::duplicate_table,
                    view.name.sql() + " exists already and was not made by ds_reconcile_schema", "It is left as it is.",
                    "Rename it, or give the sink another name in the model.");
    std::vector<Step> steps;
    if (anew || ours->second.definition != view.definition)
        steps.push_back({view.name.sql(), anew ? "create" : "replace", view.definition, view.kind, view.name});
    if (anew || existing->second.comment != view.comment)
        steps.push_back({view.name.sql(), "comment",
                         "COMMENT ON VIEW " + view.name.sql() + " IS " + sqltext::literal(view.comment), "",
                         view.name});
    return steps;
}

// Which of the rights to make a view there a role lacks.
std::string lacking_rights(const std::string &role, const std::string &schema)
{
    std::vector<std::string> rights;
    for (const char *const right : {"CREATE", "USAGE"})
        if (!pg::query({"has_right", "SELECT has_schema_privilege($1::name, $2, $3)", {role, schema, right}})
                 .boolean(0, 0))
            rights.push_back(right);
    return sqltext::join(rights, ", ");
}

// A view belongs to the store's owner, who need not have any right in the workspace's schema: for as long as the views
// are made, and no longer, the schema's owner lends it.
void with_lent_rights(const catalog::Workspace &workspace, const std::string &borrower,
                      const std::function<void()> &body)
{
    std::string const rights = lacking_rights(borrower, workspace.schema);
    std::string const schema = " ON SCHEMA " + sqltext::identifier(workspace.schema);
    Results unreported;
    if (!rights.empty())
        execute_step(unreported, workspace.owner,
                     {"", "grant", "GRANT " + rights + schema + " TO " + sqltext::identifier(borrower), "", {}});
    body();
    if (!rights.empty())
        execute_step(unreported, workspace.owner,
                     {"", "revoke", "REVOKE " + rights + schema + " FROM " + sqltext::identifier(borrower), "", {}});
}

// What there is under the names of a sink's views, and what of it is ours. Throws SF004 for a view of ours that somebody changed.
// dataset_id, owner: of what the sink shows now.
Actual inspect_views(const catalog::Workspace &workspace, const shape::ViewNames &names, int dataset_id,
                     const std::string &owner)
{
    std::vector<std::string> const both = {names.current.name, names.full.name};
    Actual actual = inspect_relations(workspace.schema, both, workspace.owner);
    for (const catalog::Relation &relation : catalog::views_of_workspace(workspace.id, workspace.schema, both)) {
        Made const view =
            made(relation, relation.dataset_id == dataset_id ? owner : catalog::owner_of_dataset(relation.dataset_id));
        require_as_made(view, relation.name.sql());
        actual.ours[{relation.kind, relation.name.name}] = view;
    }
    return actual;
}

// In the name of the schema's owner, who may drop whatever is in it.
void drop_views_of_other_datasets(Results &results, const catalog::Workspace &workspace, const Actual &actual,
                                  int dataset)
{
    for (const auto &[key, view] : actual.ours) {
        const auto &[kind, name] = key;
        if (!shows_another(view, dataset))
            continue;
        sqltext::Qualified const qualified{workspace.schema, name};
        if (actual.relations.count(name) > 0)
            execute_step(results, workspace.owner, {qualified.sql(), "drop", "DROP VIEW " + qualified.sql(), "", {}});
        catalog::forget_relation(qualified, kind);
    }
}

// Default privileges may have let somebody in whom the store does not want there.
void require_readers(const std::vector<WantedView> &views, const catalog::Workspace &workspace,
                     const rights::Source &source)
{
    for (const WantedView &view : views) {
        std::vector<std::string> const unwanted = rights::unwanted_readers(view.name, workspace.name, source);
        if (!unwanted.empty())
            throw Error(sqlstate::insufficient_privilege,
                        "view " + view.name.sql() + " could be read by role \"" + unwanted.front() + "\"",
                        "Store \"" + source.store + "\" does not name that role among the readers of workspace \"" +
                            workspace.name + "\".",
                        "REVOKE it, on the view or in the default privileges of the store's owner; or name it.");
    }
}

// The rights may have changed since the model was loaded. Asked once per call.
const Sources::Found &find_source(Sources &sources, const catalog::Workspace &workspace, const std::string &name)
{
    auto const known = sources.by_store.find(name);
    if (known != sources.by_store.end())
        return known->second;
    std::optional<catalog::Store> const store = catalog::find_store(name);
    Sources::Found found;
    if (store) {
        found.store = *store;
        found.source = {store->name, store->owner, catalog::access(store->id)};
        found.refusal = rights::refusal_to_read(workspace.name, workspace.owner, found.source);
        if (!found.refusal)
            found.refusal = rights::refusal({workspace.schema, workspace.owner, workspace.loaded_by});
    }
    return sources.by_store.emplace(name, std::move(found)).first->second;
}

struct Subject { // of a sink
    catalog::Store store;
    catalog::Dataset dataset;
    rights::Source source;
};

Subject find_subject(Sources &sources, const catalog::Workspace &workspace, const model::Sink &sink)
{
    const Sources::Found &found = find_source(sources, workspace, sink.store);
    std::optional<catalog::Dataset> const dataset = catalog::find_dataset(found.store.id, sink.dataset);
    if (!dataset || !dataset->in_model)
        throw Error(sqlstate::cannot_reconcile,
                    "dataset \"" + sink.dataset + "\" of store \"" + sink.store + "\" is no longer in the model",
                    "A sink of a workspace reads it.", "Load a model whose sinks name datasets that it has.");
    if (found.refusal)
        throw Error(sqlstate::insufficient_privilege, found.refusal->message, "", found.refusal->hint);
    return {found.store, *dataset, found.source};
}

struct Plan {
    Subject subject;
    std::vector<sqltext::Qualified> tables; // that its views read
    bool has_tables = false;
    Actual actual;
    std::vector<WantedView> wanted;
    std::vector<Step> steps;

    bool takes_steps() const
    {
        return !steps.empty() || std::any_of(actual.ours.begin(), actual.ours.end(), [&](const auto &view) {
            return shows_another(view.second, subject.dataset.id);
        });
    }
};

void require_tables(const Plan &plan)
{
    if (plan.has_tables)
        return;
    const Subject &subject = plan.subject;
    throw Error(sqlstate::not_reconciled,
                "the tables of dataset \"" + subject.dataset.name + "\" do not match the model yet",
                "Views are made of tables that do.",
                "Look at the row of the dataset with action failed; or reconcile store \"" + subject.store.name +
                    "\" first.");
}

Plan plan_sink(Sources &sources, const catalog::Workspace &workspace, const model::Sink &sink, pg::TypeCache &types)
{
    Plan plan;
    plan.subject = find_subject(sources, workspace, sink);
    const catalog::Dataset &dataset = plan.subject.dataset;
    shape::Shape shape = catalog::load_shape(plan.subject.store, dataset, types);
    std::vector<std::string> const order = columns_of(shape.names.merge);
    shape::order_columns(shape, order);
    plan.tables = {shape.names.merge};
    if (shape.milestoned)
        plan.tables.push_back(shape.names.history);
    bool const missing = order.empty() || (shape.milestoned && !pg::exists(shape.names.history));
    plan.has_tables = dataset.is_reconciled() && !missing;
    if (missing)
        require_tables(plan); // of a view nothing can be said then
    plan.actual = inspect_views(workspace, shape::view_names(workspace.schema, sink.name), dataset.id, shape.owner);
    plan.wanted = wanted_views(workspace, sink, shape);
    for (const WantedView &view : plan.wanted)
        for (Step &step : plan_view(view, plan.actual, dataset.id))
            plan.steps.push_back(std::move(step));
    return plan;
}

// Those that are ours, also where they show another dataset by now.
std::vector<sqltext::Qualified> views_of(const catalog::Workspace &workspace, const Plan &plan)
{
    std::vector<sqltext::Qualified> views;
    for (const auto &[key, view] : plan.actual.ours)
        views.push_back({workspace.schema, key.second});
    return views;
}

// The dataset's row keeps other calls from its views. Its tables do not change under the plan that is made now; the views are
// locked before them, in the order of readers.
Plan lock_and_plan(Sources &sources, const catalog::Workspace &workspace, const model::Sink &sink, const Plan &seen,
                   pg::TypeCache &types)
{
    const catalog::Dataset &dataset = seen.subject.dataset;
    if (!catalog::lock_dataset(dataset.id))
        throw Busy("dataset \"" + dataset.name + "\" of store \"" + seen.subject.store.name + "\"");
    std::optional<catalog::Workspace> const now = catalog::find_workspace(workspace.name);
    if (!now || now->definition != workspace.definition || now->owner != workspace.owner)
        throw Error(sqlstate::lock_not_available,
                    "workspace \"" + workspace.name + "\" was changed by a load meanwhile",
                    "The views of its sinks are made by the definition that it had.", "Call again.");
    bool const comments_only =
        std::all_of(seen.steps.begin(), seen.steps.end(), [](const Step &step) { return step.action == "comment"; });
    sources.by_store.erase(sink.store); // the store's rights may have changed while this was tried again
    take_locks(views_of(workspace, seen),
               comments_only ? pg::Lock::share_update_exclusive : pg::Lock::access_exclusive);
    take_locks(seen.tables, pg::Lock::access_share);
    Plan plan = plan_sink(sources, workspace, sink, types);
    require_tables(plan);
    return plan;
}

void execute_steps(Results &results, const catalog::Workspace &workspace, const Plan &plan)
{
    int const dataset = plan.subject.dataset.id;
    const std::string &owner = plan.subject.store.owner;
    drop_views_of_other_datasets(results, workspace, plan.actual, dataset);
    if (plan.steps.empty())
        return;
    with_lent_rights(workspace, owner, [&] {
        for (const Step &step : plan.steps) {
            execute_step(results, owner, step);
            if (!step.kind.empty())
                catalog::save_relation({step.name, step.kind, dataset, workspace.id, step.statement});
        }
    });
}

} // namespace

void reconcile_sink(Results &results, Sources &sources, const catalog::Workspace &workspace, const model::Sink &sink,
                    pg::TypeCache &types)
{
    Plan plan = plan_sink(sources, workspace, sink, types);
    if (plan.takes_steps()) {
        require_tables(plan);
        plan = lock_and_plan(sources, workspace, sink, plan, types);
        execute_steps(results, workspace, plan);
    }
    require_readers(plan.wanted, workspace, plan.subject.source);
}

} // namespace datasurface::reconcile
