#include "reconcile/run_views.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/relation.hpp"
#include "catalog/shape.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "reconcile/inspect.hpp"
#include "views/plan.hpp"

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
        {names.current, "view", views::current_view(names.current, shape), "current rows of " + subject}};
    if (shape.milestoned)
        wanted.push_back(
            {names.full, "full_view", views::full_view(names.full, shape), "all versions of the rows of " + subject});
    return wanted;
}

std::vector<Step> plan_view(const WantedView &view, const Actual &actual)
{
    auto const existing = actual.relations.find(view.name.name);
    bool const exists = existing != actual.relations.end();
    auto const ours = actual.ours.find({view.kind, view.name.name});
    if (exists && (ours == actual.ours.end() || existing->second.kind != 'v'))
        throw Error(sqlstate::duplicate_table,
                    view.name.sql() + " exists already and was not made by ds_reconcile_schema", "It is left as it is.",
                    "Rename it, or give the sink another name in the model.");
    std::vector<Step> steps;
    if (!exists || ours->second != view.definition)
        steps.push_back({view.name.sql(), exists ? "replace" : "create", view.definition, view.kind, view.name});
    if (!exists || existing->second.comment != view.comment)
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

} // namespace

void reconcile_sink(Results &results, const catalog::Workspace &workspace, const model::Sink &sink,
                    pg::TypeCache &types)
{
    std::optional<catalog::Store> const store = catalog::find_store(sink.store);
    std::optional<catalog::Dataset> const dataset =
        store ? catalog::find_dataset(store->id, sink.dataset) : std::nullopt;
    if (!dataset || !dataset->in_model)
        throw Error(sqlstate::cannot_reconcile,
                    "dataset \"" + sink.dataset + "\" of store \"" + sink.store + "\" is no longer in the model",
                    "A sink of a workspace reads it.", "Load a model whose sinks name datasets that it has.");
    shape::Shape shape = catalog::load_shape(*store, *dataset, types);
    shape::order_columns(shape, payload_order(shape, inspect_dataset(shape.names, dataset->id, store->owner)));

    shape::ViewNames const names = shape::view_names(workspace.schema, sink.name);
    Actual actual = inspect(workspace.schema, {names.current.name, names.full.name}, store->owner);
    for (const catalog::Relation &relation : catalog::relations_of_workspace(workspace.id))
        if (relation.name.schema == workspace.schema)
            actual.ours[{relation.kind, relation.name.name}] = relation.definition;

    std::vector<Step> steps;
    for (const WantedView &view : wanted_views(workspace, sink, shape))
        for (Step &step : plan_view(view, actual))
            steps.push_back(std::move(step));
    if (steps.empty())
        return;
    with_lent_rights(workspace, store->owner, [&] {
        for (const Step &step : steps) {
            execute_step(results, store->owner, step);
            if (!step.kind.empty())
                catalog::save_relation({step.name, step.kind, dataset->id, workspace.id, step.statement});
        }
    });
}

} // namespace datasurface::reconcile
