#include "definition/unnamed.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "catalog/nearby.hpp"
#include "catalog/store.hpp"
#include "model/parse.hpp"
#include "pg/session.hpp"

namespace datasurface::definition {

namespace {

using catalog::ModelPart;
using catalog::PartKind;

// The kinds and names of the parts of a document.
using Named = std::set<std::pair<PartKind, std::string_view>>;

// The loaded parts that the document names: with those that get another name.
Named names_in(const Candidate &candidate)
{
    const model::Model &document = candidate.document;
    Named named;
    auto const name = [&](PartKind kind, const auto &entries, const FormerNames &were) {
        for (const auto &entry : entries)
            named.emplace(kind, entry.name);
        for (const auto &[unused, former] : were)
            named.emplace(kind, former);
    };
    name(PartKind::store, document.stores, candidate.identity.stores);
    name(PartKind::workspace, document.workspaces, candidate.identity.workspaces);
    name(PartKind::source, document.sources, candidate.identity.sources);
    name(PartKind::credential, document.credentials, candidate.identity.credentials);
    return named;
}

// Sources and credentials say little, and refer to each other by name: all of them are read, or none.
bool has_to_do_with_sources(const model::Model &document)
{
    return !document.sources.empty() || !document.credentials.empty() ||
           std::any_of(document.stores.begin(), document.stores.end(),
                       [](const model::Store &store) { return store.source != nullptr; });
}

// A document of more stores is compared with all workspaces: looking for each store in each of them would take longer.
constexpr std::size_t few_stores = 20;

// Finds the parts that the checks read: those that share a schema with the document, whose names could clash with its own; workspaces
// with sinks on its stores; and stores whose datasets a sink shows that is checked.
class Near {
public:
    explicit Near(const Candidate &candidate)
        : all_(!candidate.identity.stores.empty() || !candidate.identity.workspaces.empty() ||
               !candidate.identity.within.empty())
    {
        const model::Model &document = candidate.document;
        std::vector<std::string> stores;
        for (const model::Store &store : document.stores) {
            schemas_.insert(store.schema);
            stores.push_back(store.name);
        }
        for (const model::Workspace &workspace : document.workspaces) {
            schemas_.insert(workspace.schema);
            add_shown_by(workspace);
        }
        all_workspaces_ = all_ || stores.size() > few_stores;
        if (!all_workspaces_)
            workspaces_ = catalog::workspaces_near({schemas_.begin(), schemas_.end()}, stores);
        for (const catalog::Store &store : catalog::stores_in_model())
            if (schemas_.contains(store.schema))
                stores_.insert(store.name);
    }

    // Call it for the kept workspaces before a store is asked for.
    void add(const model::Workspace &kept)
    {
        if (schemas_.contains(kept.schema))
            add_shown_by(kept);
    }

    bool has_store(const std::string &store) const { return all_ || stores_.contains(store); }
    bool has_workspace(const std::string &name) const { return all_workspaces_ || workspaces_.contains(name); }

private:
    void add_shown_by(const model::Workspace &workspace)
    {
        for (const model::Group &group : workspace.groups)
            for (const model::Sink &sink : group.sinks)
                stores_.insert(sink.store);
    }

    bool all_; // a kept part may refer to anything that gets another name
    bool all_workspaces_ = true;
    std::set<std::string> schemas_;
    std::set<std::string> stores_;
    std::set<std::string> workspaces_;
};

template <typename Part>
Part outline_of(const ModelPart &part)
{
    Part outline;
    outline.name = part.name;
    return outline;
}

} // namespace

Unnamed unnamed_parts(const Candidate &candidate, const std::vector<ModelPart> &current, bool are_kept)
{
    Named const named = names_in(candidate);
    Unnamed unnamed;
    for (const ModelPart &part : current)
        if (!named.contains({part.kind, part.name}))
            unnamed.parts.push_back(part);
    if (!are_kept)
        return unnamed;
    bool const reads_sources = has_to_do_with_sources(candidate.document);
    for (const ModelPart &part : unnamed.parts) {
        pg::check_interrupts();
        if (reads_sources && part.kind == PartKind::source)
            unnamed.model.sources.push_back(model::source_from_json(catalog::part_document(part.digest)));
        if (reads_sources && part.kind == PartKind::credential)
            unnamed.model.credentials.push_back(model::credential_from_json(catalog::part_document(part.digest)));
    }
    Near near(candidate);
    for (const ModelPart &part : unnamed.parts) {
        pg::check_interrupts();
        if (part.kind != PartKind::workspace)
            continue;
        unnamed.model.workspaces.push_back(near.has_workspace(part.name)
                                               ? model::workspace_from_json(catalog::part_document(part.digest))
                                               : outline_of<model::Workspace>(part));
        near.add(unnamed.model.workspaces.back());
    }
    for (const ModelPart &part : unnamed.parts) {
        pg::check_interrupts();
        if (part.kind == PartKind::store)
            unnamed.model.stores.push_back(near.has_store(part.name)
                                               ? model::store_from_json(catalog::part_document(part.digest))
                                               : outline_of<model::Store>(part));
    }
    return unnamed;
}

} // namespace datasurface::definition
