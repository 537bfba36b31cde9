#include "model/read_workspace.hpp"

#include <utility>

#include "model/closing.hpp"
#include "model/read_rules.hpp"
#include "model/read_source.hpp"
#include "model/read_store.hpp"
#include "model/resolve.hpp"
#include "model/view_names.hpp"

namespace datasurface::model {

namespace {

constexpr EmptyList no_groups{Severity::warning, "no_sinks", "the workspace has no groups, and so no sinks"};
constexpr EmptyList no_sinks{Severity::warning, "no_sinks", "the group has no sinks"};

constexpr std::size_t longest_condition = 10'000; // characters
constexpr BlankText no_condition{"empty_condition", "the condition"};
constexpr EmptyList no_columns{Severity::error, "no_columns", "a sink needs at least one column"};
constexpr LongList many_columns{most_columns, "too_many_columns", "a sink may have 1500 columns; here are "};

constexpr Member sink_column_members[] = {
    {"column", true, [](void *column) -> Slot { return name_into(as<SinkColumn>(column).column); }},
    {"as", false,
     [](void *column) -> Slot {
         std::unique_ptr<std::string> &name = as<SinkColumn>(column).as;
         name = std::make_unique<std::string>();
         return name_into(*name);
     }},
};
constexpr Shape sink_column_shape{"a column of a sink", sink_column_members, nullptr,
                                  R"({"column": "total", "as": "amount"})"};

Slot sink_column_slot(SinkColumn &column)
{
    return TextOrObject{name_into(column.column), {&column, &sink_column_shape}};
}

SinkPart &part_of(void *object)
{
    Sink &sink = as<Sink>(object);
    if (!sink.part)
        sink.part = std::make_shared<SinkPart>();
    return *sink.part;
}

constexpr Member sink_members[] = {
    {"store", true, [](void *sink) -> Slot { return name_into(as<Sink>(sink).store); }},
    {"dataset", true, [](void *sink) -> Slot { return name_into(as<Sink>(sink).dataset); }},
    {"name", false, [](void *sink) -> Slot { return name_into(as<Sink>(sink).name); }},
    {"columns", false,
     [](void *sink) -> Slot { return list_into<sink_column_slot>(part_of(sink).columns, no_columns, many_columns); }},
    {"where", false,
     [](void *sink) -> Slot {
         return Text{&part_of(sink).where, &no_condition, longest_condition};
     }},
};

// Of a sink that gives none, until its workspace has been read. No document has this character.
constexpr std::string_view no_name_yet("\0", 1);

void finish_sink(void *object, Closing &closing)
{
    Sink &sink = as<Sink>(object);
    if (!closing.has("name"))
        sink.name = no_name_yet;
    if (closing.has("columns") && !closing.could_read("columns"))
        sink.part->columns.clear();
}

constexpr Shape sink_shape{"a sink", sink_members, finish_sink};

Slot sink_slot(Sink &sink)
{
    return Object{&sink, &sink_shape};
}

constexpr Member group_members[] = {
    {"name", true, [](void *group) -> Slot { return name_into(as<Group>(group).name); }},
    {"description", false, [](void *group) -> Slot { return description_into(as<Group>(group).description); }},
    {"sinks", true, [](void *group) -> Slot { return list_into<sink_slot>(as<Group>(group).sinks, no_sinks); }},
};
constexpr Shape group_shape{"a group", group_members, nullptr};

Slot group_slot(Group &group)
{
    return Object{&group, &group_shape};
}

AllViews &all_views_of(void *object)
{
    Workspace &workspace = as<Workspace>(object);
    if (!workspace.all_views)
        workspace.all_views = std::make_shared<AllViews>();
    return *workspace.all_views;
}

constexpr Member workspace_members[] = {
    {"name", true, [](void *workspace) -> Slot { return name_into(as<Workspace>(workspace).name); }},
    {"description", false,
     [](void *workspace) -> Slot { return description_into(as<Workspace>(workspace).description); }},
    {"schema", false, [](void *workspace) -> Slot { return name_into(as<Workspace>(workspace).schema); }},
    {"owner", false, [](void *workspace) -> Slot { return name_into(as<Workspace>(workspace).owner); }},
    {"readers", false,
     [](void *workspace) -> Slot { return names_into(all_views_of(workspace).readers, may_be_empty); }},
    {"view_names", false, [](void *workspace) -> Slot { return name_into(all_views_of(workspace).view_names); }},
    {"groups", true,
     [](void *workspace) -> Slot { return list_into<group_slot>(as<Workspace>(workspace).groups, no_groups); }},
    {"was", false, nullptr, [](Notes &notes) -> Slot { return name_into(notes.was); }},
};

void finish_workspace(void *object, Closing &closing)
{
    Workspace &workspace = as<Workspace>(object);
    closing.want_description(workspace.description);
    closing.note_former_name(closing.notes.workspaces_were);
    if (!closing.has("schema"))
        workspace.schema = workspace.name;
    std::string_view const names =
        fault_of_view_names(workspace.view_names()).empty() ? std::string_view(workspace.view_names()) : "";
    for (Group &group : workspace.groups)
        for (Sink &sink : group.sinks)
            if (sink.name == no_name_yet)
                sink.name = view_name(names, group, sink);
}

constexpr Shape workspace_shape{"a workspace", workspace_members, finish_workspace};

constexpr Member model_members[] = {
    {"$schema", false,
     [](void *) -> Slot {
         return Text{nullptr, &may_be_blank, unbounded};
     }},
    {"format", false, [](void *) -> Slot { return Number{nullptr, nullptr, 1, 1, true, false}; }},
    {"brakes", false, nullptr, [](Notes &notes) { return brakes_slot(notes.of_model); }},
    {"when_held", false, nullptr, [](Notes &notes) { return when_held_slot(notes.of_model); }},
    {"credentials", false,
     [](void *model) -> Slot {
         return list_into<static_cast<Slot (*)(Credential &)>(slot)>(as<Model>(model).credentials, may_be_empty);
     }},
    {"sources", false,
     [](void *model) -> Slot {
         return list_into<static_cast<Slot (*)(Source &)>(slot)>(as<Model>(model).sources, may_be_empty);
     }},
    {"stores", true,
     [](void *model) -> Slot {
         return list_into<static_cast<Slot (*)(Store &)>(slot)>(as<Model>(model).stores, may_be_empty);
     }},
    {"workspaces", false,
     [](void *model) -> Slot {
         return list_into<static_cast<Slot (*)(Workspace &)>(slot)>(as<Model>(model).workspaces, may_be_empty);
     }},
};

// A list that cannot be read gets an entry without a name, which matches any reference.
void finish_model(void *object, Closing &closing)
{
    Model &model = as<Model>(object);
    if (!closing.could_read("stores"))
        model.stores.resize(1);
    if (closing.has("workspaces") && !closing.could_read("workspaces"))
        model.workspaces.resize(1);
    if (closing.has("credentials") && !closing.could_read("credentials"))
        model.credentials.resize(1);
    if (closing.has("sources") && !closing.could_read("sources"))
        model.sources.resize(1);
    model.credentials_were = std::move(closing.notes.credentials_were);
    model.sources_were = std::move(closing.notes.sources_were);
    model.stores_were = std::move(closing.notes.stores_were);
    model.workspaces_were = std::move(closing.notes.workspaces_were);
    for (std::size_t i = 0; i < model.stores.size(); ++i) {
        auto const said = closing.notes.of_stores.find(i);
        resolve(model.stores[i],
                {closing.notes.of_model.get(), said == closing.notes.of_stores.end() ? nullptr : said->second.get()});
    }
}

constexpr Shape model_shape{"a model", model_members, finish_model};

} // namespace

Slot slot(Workspace &workspace)
{
    return Object{&workspace, &workspace_shape};
}

Slot slot(Model &model)
{
    return Object{&model, &model_shape};
}

} // namespace datasurface::model
