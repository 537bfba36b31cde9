#include "reconcile/tasks.hpp"

#include <utility>

#include "reconcile/run_readers.hpp"
#include "reconcile/run_schema.hpp"
#include "reconcile/run_tables.hpp"
#include "reconcile/run_views.hpp"
#include "shape/names.hpp"

namespace datasurface::reconcile {

namespace {

Task schema_task(const std::string &store, const rights::Schema &schema, const std::string &description)
{
    return {sqltext::identifier(schema.name), store, "",
            [schema, description](Results &mine) { reconcile_schema(mine, schema, description); }};
}

} // namespace

Task schema_of_store(const catalog::Store &store)
{
    return schema_task(store.name, {store.schema, store.owner, store.loaded_by},
                       "data tables of store \"" + store.name + "\"");
}

Task schema_of_workspace(const catalog::Workspace &workspace, const std::string &description)
{
    return schema_task("", {workspace.schema, workspace.owner, workspace.loaded_by}, description);
}

Task readers_of_workspace(const PermittedViews &views, const change::Allowed &allowed)
{
    PermittedViews const some{views.workspace, {}, {}, views.readers, views.has_left};
    return {sqltext::identifier(views.workspace.schema), "", "",
            [some, allowed](Results &mine) { reconcile_readers(mine, some, allowed); }};
}

Task tables_of(const catalog::Store &store, catalog::Dataset dataset, const change::Allowed &allowed,
               pg::TypeCache &types, Conditions &conditions)
{
    std::string object = shape::names(store.schema, dataset.name).merge.sql(), name = dataset.name;
    return {std::move(object), store.name, std::move(name),
            [store, dataset = std::move(dataset), allowed, &types, &conditions](Results &mine) {
                reconcile_dataset(mine, store, dataset, allowed, types, conditions);
            }};
}

Task views_of(std::shared_ptr<SeenStores> stores, const model::Sink &sink, const change::Allowed &allowed,
              pg::TypeCache &types)
{
    std::string object = shape::view_names(stores->workspace().schema, sink.name).current.sql();
    return {std::move(object), sink.store, sink.dataset,
            [stores = std::move(stores), sink, allowed, &types](Results &mine) {
                reconcile_sink(mine, *stores, sink, allowed, types);
            }};
}

Task leftover_of(const LeftoverView &view, const change::Allowed &allowed)
{
    return {view.record.name.sql(), view.store, view.dataset,
            [view, allowed](Results &mine) { reconcile_leftover(mine, view, allowed); }};
}

} // namespace datasurface::reconcile
