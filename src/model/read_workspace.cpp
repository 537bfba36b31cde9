#include "model/object.hpp"
#include "model/read.hpp"

namespace datasurface::model {

namespace {

Sink read_sink(const Json &value, const Pointer &at, Report &report)
{
    Object object(value, at, "a sink", {"store", "dataset", "name"}, report);
    Sink sink;
    sink.store = object.name("store");
    sink.dataset = object.name("dataset");
    sink.name = object.name_or("name", sink.dataset);
    return sink;
}

Group read_group(const Json &value, const Pointer &at, Report &report)
{
    constexpr EmptyList no_sinks{Severity::warning, "no_sinks", "the group has no sinks"};
    Object object(value, at, "a group", {"name", "description", "sinks"}, report);
    Group group;
    group.name = object.name();
    group.description = object.description(false);
    group.sinks = object.list("sinks", no_sinks, read_sink);
    return group;
}

} // namespace

Workspace read_workspace(const Json &value, const Pointer &at, Report &report)
{
    constexpr EmptyList no_sinks{Severity::warning, "no_sinks", "the workspace has no groups, and so no sinks"};
    Object object(value, at, "a workspace", {"name", "description", "schema", "owner", "groups"}, report);
    Workspace workspace;
    workspace.name = object.name();
    workspace.description = object.description(true);
    workspace.schema = object.name_or("schema", workspace.name);
    workspace.owner = object.name_or("owner", "");
    workspace.groups = object.list("groups", no_sinks, read_group);
    return workspace;
}

Model read_model(const Json &value, Report &report)
{
    Object object(value, {}, "a model", {"$schema", "format", "stores", "workspaces"}, report);
    object.text_or_none("$schema");
    object.integer("format", 1, 1, 1);
    Model model;
    model.stores = object.list("stores", may_be_empty, read_store);
    model.workspaces = object.list_or_none("workspaces", may_be_empty, read_workspace);
    return model;
}

} // namespace datasurface::model
