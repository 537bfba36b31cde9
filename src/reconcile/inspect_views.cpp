#include "reconcile/inspect_views.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/model_version.hpp"
#include "catalog/relation.hpp"
#include "catalog/shape.hpp"
#include "change/refuse.hpp"
#include "pg/table.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/plan_views.hpp"

namespace datasurface::reconcile {

Sources::Sources(const catalog::Workspace &workspace, std::optional<int> version)
    : workspace_(workspace), version_(version)
{
}

std::optional<rights::Refusal> Sources::refusal_of(const Source &source) const
{
    if (std::optional<rights::Refusal> refusal =
            rights::refusal_to_read(workspace_.name, workspace_.owner, source.access))
        return refusal;
    return rights::refusal({workspace_.schema, workspace_.owner, workspace_.loaded_by});
}

const Sources::Source &Sources::find(const std::string &store)
{
    auto const known = by_store_.find(store);
    if (known != by_store_.end())
        return known->second;
    Source source;
    if (std::optional<catalog::Store> const found = catalog::find_store(store)) {
        source.store = *found;
        source.access = rights::source_of(found->name, found->owner, catalog::access(found->id), workspace_.name);
        source.refusal = refusal_of(source);
    }
    return by_store_.emplace(store, std::move(source)).first->second;
}

void Sources::check_again(const std::string &store)
{
    std::optional<int> const version = catalog::current_version();
    if (version != version_) {
        std::optional<catalog::Workspace> const now = catalog::find_workspace(workspace_.name);
        if (!now || now->definition != workspace_.definition || now->owner != workspace_.owner)
            throw Error(sqlstate::lock_not_available,
                        "workspace \"" + workspace_.name + "\" was changed by a load meanwhile",
                        "This call read its definition before that load.", "Call again.");
        version_ = version;
        by_store_.clear();
        return;
    }
    // memberships in roles may have changed without a load
    if (auto const known = by_store_.find(store); known != by_store_.end())
        known->second.refusal = refusal_of(known->second);
}

namespace {

// The existing objects under the names of a sink's views, and which of them are ours.
ActualViews inspect_views(const catalog::Workspace &workspace, const shape::ViewNames &names)
{
    ActualViews actual;
    for (auto &[name, found] : inspect_relations({names.current, names.full}))
        actual.relations[name.name] = std::move(found.relation);
    std::vector<catalog::Relation> records = catalog::relations_named(names.current);
    std::vector<catalog::Relation> const of_full = catalog::relations_named(names.full);
    records.insert(records.end(), of_full.begin(), of_full.end());
    for (const catalog::Relation &record : records) {
        if (record.workspace_id != workspace.id)
            continue;
        change::Object const view = object_of(record, actual.relations.count(record.name.name) > 0);
        change::require_as_made(view, record.name.sql());
        actual.ours[{record.kind, record.name.name}] = view;
    }
    return actual;
}

ActualSink find_subject(Sources &sources, const model::Sink &sink)
{
    const Sources::Source &source = sources.find(sink.store);
    std::optional<catalog::Dataset> dataset = catalog::find_dataset(source.store.id, sink.dataset);
    if (!dataset || !dataset->in_model)
        throw Error(sqlstate::cannot_reconcile,
                    "dataset \"" + sink.dataset + "\" of store \"" + sink.store + "\" is no longer in the model",
                    "A sink of a workspace reads it.", "Load a model whose sinks name datasets that it has.");
    if (source.refusal)
        throw Error(sqlstate::insufficient_privilege, source.refusal->message, "", source.refusal->hint);
    ActualSink found;
    found.store = source.store;
    found.dataset = *std::move(dataset);
    found.access = source.access;
    return found;
}

// Where changes of the tables wait, they are as `tables` says.
void find_shape(ActualSink &found, const shape::Shape *tables, pg::TypeCache &types)
{
    if (tables != nullptr) {
        found.shape = *tables;
        found.has_tables = true;
        return;
    }
    found.shape = catalog::load_shape(found.store, found.dataset, types);
    const shape::Names &names = found.shape.names;
    std::vector<std::string> const order = columns_of(names.merge);
    shape::order_columns(found.shape, order);
    bool const missing = order.empty() || (found.shape.milestoned && !pg::exists(names.history));
    found.has_tables = found.dataset.is_reconciled() && !missing;
    if (missing)
        require_tables(found.shape, false);
}

} // namespace

ActualSink inspect_sink(Sources &sources, const model::Sink &sink, const shape::Shape *tables, pg::TypeCache &types)
{
    ActualSink found = find_subject(sources, sink);
    find_shape(found, tables, types);
    const catalog::Workspace &workspace = sources.workspace();
    found.actual = inspect_views(workspace, shape::view_names(workspace.schema, sink.name));
    return found;
}

} // namespace datasurface::reconcile
