#include "definition/unnamed.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

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
    for (const model::Store &store : document.stores)
        named.emplace(PartKind::store, store.name);
    for (const model::Workspace &workspace : document.workspaces)
        named.emplace(PartKind::workspace, workspace.name);
    for (const auto &[unused, name] : candidate.identity.stores)
        named.emplace(PartKind::store, name);
    for (const auto &[unused, name] : candidate.identity.workspaces)
        named.emplace(PartKind::workspace, name);
    return named;
}

// Finds the stores that the checks read: those that share a schema with the document, whose names could clash with its own, and
// those whose datasets a sink shows that is checked.
class Near {
public:
    Near(const Candidate &candidate, const std::deque<model::Workspace> &kept)
        : all_(!candidate.identity.stores.empty() || !candidate.identity.workspaces.empty() ||
               !candidate.identity.within.empty())
    {
        for (const model::Store &store : candidate.document.stores)
            schemas_.insert(store.schema);
        for (const model::Workspace &workspace : candidate.document.workspaces) {
            schemas_.insert(workspace.schema);
            add_shown_by(workspace);
        }
        for (const model::Workspace &workspace : kept)
            if (schemas_.contains(workspace.schema))
                add_shown_by(workspace);
        for (const catalog::Store &store : catalog::stores_in_model())
            if (schemas_.contains(store.schema))
                stores_.insert(store.name);
    }

    bool has(const std::string &store) const { return all_ || stores_.contains(store); }

private:
    void add_shown_by(const model::Workspace &workspace)
    {
        for (const model::Group &group : workspace.groups)
            for (const model::Sink &sink : group.sinks)
                stores_.insert(sink.store);
    }

    bool all_; // a kept part may refer to anything that gets another name
    std::set<std::string_view> schemas_;
    std::set<std::string> stores_;
};

model::Store outline_of(const ModelPart &part)
{
    model::Store store;
    store.name = part.name;
    return store;
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
    for (const ModelPart &part : unnamed.parts) {
        pg::check_interrupts();
        if (part.kind == PartKind::workspace)
            unnamed.model.workspaces.push_back(model::workspace_from_json(catalog::part_document(part.digest)));
    }
    Near const near(candidate, unnamed.model.workspaces);
    for (const ModelPart &part : unnamed.parts) {
        pg::check_interrupts();
        if (part.kind == PartKind::store)
            unnamed.model.stores.push_back(
                near.has(part.name) ? model::store_from_json(catalog::part_document(part.digest)) : outline_of(part));
    }
    return unnamed;
}

} // namespace datasurface::definition
