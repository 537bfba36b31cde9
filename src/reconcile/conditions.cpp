#include "reconcile/conditions.hpp"

#include "catalog/model_version.hpp"
#include "model/parse.hpp"
#include "reconcile/renamed_views.hpp"

namespace datasurface::reconcile {

Conditions::OfWorkspace Conditions::read(const catalog::Workspace &workspace)
{
    OfWorkspace found;
    for (const auto &[wanted, former] : renamed_views(workspace, catalog::views_of_workspace(workspace.id)).former)
        found.now.emplace(View(wanted.kind, former), wanted.name);
    for (const model::Group &group : model::workspace_from_json(workspace.definition).groups)
        for (const model::Sink &sink : group.sinks) {
            shape::ViewNames const names = shape::view_names(workspace.schema, sink.name);
            found.by_view.emplace(View(shape::RelationKind::view, names.current.name), sink.where());
            found.by_view.emplace(View(shape::RelationKind::full_view, names.full.name), sink.where());
        }
    return found;
}

const Conditions::OfWorkspace &Conditions::of(int workspace)
{
    if (std::optional<int> const version = catalog::current_version(); version != version_) {
        workspaces_.clear();
        version_ = version;
    }
    auto found = workspaces_.find(workspace);
    if (found == workspaces_.end())
        found = workspaces_.emplace(workspace, read(catalog::workspace(workspace).value())).first;
    return found->second;
}

std::optional<std::string> Conditions::find(const catalog::Relation &record)
{
    const OfWorkspace &workspace = of(record.workspace_id.value());
    auto const now = workspace.now.find({record.kind, record.name.name});
    const std::string &name = now == workspace.now.end() ? record.name.name : now->second;
    auto const found = workspace.by_view.find({record.kind, name});
    return found == workspace.by_view.end() ? std::nullopt : std::optional(found->second);
}

} // namespace datasurface::reconcile
