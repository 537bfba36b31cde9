#include "reconcile/subjects.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/dataset.hpp"
#include "catalog/unknown_store.hpp"
#include "model/parse.hpp"
#include "reconcile/renamed_views.hpp"
#include "rights/facts.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

namespace {

[[noreturn]] void refuse_stream(const std::string &what, const catalog::Store &store, const std::string &dataset)
{
    std::string const call = "ds_reconcile_schema(" + sqltext::literal(store.name) + ")";
    std::optional<catalog::Dataset> const found = catalog::find_dataset(store.id, dataset);
    if (found && found->in_model)
        throw Error(sqlstate::unknown_stream, what, "It looks like a stream; stores are reconciled as a whole.",
                    "Name the store: " + call + ".");
    std::string const of_store = "dataset \"" + dataset + "\" of store \"" + store.name + "\"";
    throw Error(sqlstate::unknown_stream, what,
                found ? "It looks like a stream, but " + of_store + " has left the model."
                      : "It looks like a stream, but the model names no " + of_store + ".",
                "Load a model that has the dataset, with ds_load_model; then call " + call + ".");
}

[[noreturn]] void refuse_store(const std::string &name)
{
    std::string const what = "there is no store \"" + name + "\" in the model";
    std::size_t const hash = name.find('#');
    std::string const store = name.substr(0, hash);
    bool const is_stream = hash != std::string::npos && catalog::find_store(store);
    if (std::optional<catalog::Store> const found = is_stream ? catalog::find_store_in_model(store) : std::nullopt)
        refuse_stream(what, *found, name.substr(hash + 1));
    catalog::UnknownStore const unknown =
        catalog::unknown_store(is_stream ? store : name,
                               "SELECT DISTINCT store FROM datasurface.datasets; lists the stores.");
    throw Error(sqlstate::unknown_stream, what, unknown.detail, unknown.hint);
}

std::vector<model::Sink> sinks_of(const model::Workspace &workspace, const std::optional<std::string> &store)
{
    std::vector<model::Sink> sinks;
    for (const model::Group &group : workspace.groups)
        for (const model::Sink &sink : group.sinks)
            if (!store || sink.store == *store)
                sinks.push_back(sink);
    return sinks;
}

// The sinks whose views the caller may make. Rights are looked up once per store.
std::vector<model::Sink> permitted_sinks(std::vector<model::Sink> sinks, const std::string &caller,
                                         const catalog::Workspace &workspace)
{
    std::map<std::string, bool> may_by_store;
    std::erase_if(sinks, [&](const model::Sink &sink) {
        auto const [known, is_new] = may_by_store.try_emplace(sink.store, false);
        if (is_new)
            known->second = rights::may_make_view(caller, workspace, sink.store);
        return !known->second;
    });
    return sinks;
}

// Those that no sink is for.
std::vector<catalog::Relation> leftover(const catalog::Workspace &workspace)
{
    std::vector<catalog::Relation> records = catalog::views_of_workspace(workspace.id);
    std::set<std::pair<shape::RelationKind, std::string>> names;
    for (const NamedView &view : renamed_views(workspace, records).leftover)
        names.emplace(view.kind, view.name);
    std::erase_if(records, [&](const catalog::Relation &record) {
        return !names.contains({record.kind, record.name.name});
    });
    return records;
}

} // namespace

std::vector<catalog::Store> permitted_stores(const std::string &caller, const std::optional<std::string> &store)
{
    std::vector<catalog::Store> permitted;
    bool found = false;
    for (catalog::Store &candidate : catalog::stores_in_model()) {
        if (store && candidate.name != *store)
            continue;
        found = true;
        if (store)
            rights::require_to_reconcile(caller, candidate);
        else if (!rights::may(rights::Act::reconcile_store, caller, candidate))
            continue;
        permitted.push_back(std::move(candidate));
    }
    if (store && !found)
        refuse_store(*store);
    return permitted;
}

std::vector<PermittedViews> permitted_views(const std::string &caller, const std::optional<std::string> &store)
{
    std::vector<PermittedViews> all;
    for (catalog::Workspace &workspace : store ? catalog::workspaces_naming(*store) : catalog::workspaces_in_model()) {
        model::Workspace const definition = model::workspace_from_json(workspace.definition);
        std::vector<model::Sink> sinks = permitted_sinks(sinks_of(definition, store), caller, workspace);
        // it has no sink on that store, or the caller may make nothing in it
        if (sinks.empty() && (store || !rights::may_reconcile(caller, workspace)))
            continue;
        all.push_back({std::move(workspace), definition.description, std::move(sinks), definition.readers()});
    }
    for (catalog::Workspace &workspace : catalog::former_workspaces())
        if (!store && rights::may_reconcile(caller, workspace))
            all.push_back({std::move(workspace), {}, {}, {}, true});
    return all;
}

std::vector<LeftoverView> permitted_leftovers(const std::string &caller, const std::optional<std::string> &store)
{
    std::vector<LeftoverView> all;
    auto const add = [&](const catalog::Workspace &workspace, std::vector<catalog::Relation> records) {
        for (catalog::Relation &record : records) {
            catalog::Dataset const shown = catalog::datasets_by_id({record.dataset_id}).at(0);
            std::string const of = catalog::store(shown.store_id).name;
            if ((!store || of == *store) && rights::may_make_view(caller, workspace, of))
                all.push_back({workspace, std::move(record), of, shown.name});
        }
    };
    std::set<int> concerned;
    if (std::optional<catalog::Store> const found = store ? catalog::find_store(*store) : std::nullopt)
        concerned = catalog::workspaces_with_views_on(found->id);
    auto const is_concerned = [&](const catalog::Workspace &workspace) {
        return !store || concerned.contains(workspace.id);
    };
    for (const catalog::Workspace &workspace : catalog::former_workspaces())
        if (is_concerned(workspace))
            add(workspace, catalog::views_of_workspace(workspace.id));
    for (const catalog::Workspace &workspace : catalog::workspaces_in_model())
        if (is_concerned(workspace))
            add(workspace, leftover(workspace));
    std::sort(all.begin(), all.end(),
              [](const LeftoverView &a, const LeftoverView &b) { return a.record.name < b.record.name; });
    return all;
}

} // namespace datasurface::reconcile
