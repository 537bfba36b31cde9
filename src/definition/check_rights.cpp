#include "definition/check_rights.hpp"

#include <map>
#include <set>
#include <string_view>

#include "base/error.hpp"
#include "catalog/credential.hpp"
#include "catalog/source.hpp"
#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "definition/check_roles.hpp"
#include "definition/check_sources.hpp"
#include "model/lint_names.hpp"
#include "model/report.hpp"
#include "pg/session.hpp"
#include "rights/credentials.hpp"
#include "rights/facts.hpp"

namespace datasurface::definition {

namespace {

using model::Severity;

// Checks a schema only if its name and owner are valid. Other checks have reported the rest.
void check_schema(const RightsReport &report, const rights::Schema &schema, const std::string &pointer)
{
    bool const owned = pg::role_exists(schema.owner) && rights::may_load_for(schema.loader, schema.owner);
    if (schema.name.empty() || !owned || model::is_reserved_schema(schema.name))
        return;
    if (std::optional<rights::Refusal> const refusal = rights::refusal(schema))
        report.add(Severity::error, pointer, "schema_not_allowed", *refusal);
}

void check_readers(const RightsReport &report, const model::Roles &readers, const std::string &pointer)
{
    for (std::size_t i = 0; i < readers.size(); ++i)
        if (readers[i] != "public")
            check_role(report, readers[i], "a reader", pointer + "/readers/" + std::to_string(i));
}

void check_roles(const RightsReport &report, const model::Access &access, const std::string &pointer)
{
    for (std::size_t i = 0; i < access.operators.size(); ++i)
        check_role(report, access.operators[i], "an operator", pointer + "/operators/" + std::to_string(i));
    for (std::size_t i = 0; access.release && i < access.release->size(); ++i)
        check_role(report, (*access.release)[i], "a role that decides", pointer + "/release/" + std::to_string(i));
    for (std::size_t c = 0; access.consumers && c < access.consumers->size(); ++c) {
        const std::optional<model::Roles> &readers = (*access.consumers)[c].readers;
        if (readers)
            check_readers(report, *readers, pointer + "/consumers/" + std::to_string(c));
    }
}

using Names = std::set<std::string_view>;

// A workspace name that was never loaded is refused as a consumer: whoever loads a workspace of that name first could read the
// store. workspaces: of the document.
// given_up: former names of workspaces, which anybody may take now.
void check_consumers(const RightsReport &report, const Names &workspaces, const Names &given_up,
                     const model::Access &access, const std::string &pointer)
{
    if (workspaces.contains(""))
        return; // the name of a workspace could not be read; it may be this one
    for (std::size_t c = 0; access.consumers && c < access.consumers->size(); ++c) {
        pg::check_interrupts();
        const std::string &name = (*access.consumers)[c].workspace;
        if (!name.empty() && !workspaces.contains(name) && (given_up.contains(name) || !catalog::find_workspace(name)))
            report.add(Severity::error, pointer + "/consumers/" + std::to_string(c) + "/workspace",
                       "unclaimed_workspace",
                       {"workspace \"" + name + "\" " +
                            (given_up.contains(name) ? "gets another name" : "was never loaded") +
                            ", so anybody could take " + (given_up.contains(name) ? "this one" : "its name"),
                        "Load the workspace first, without sinks on this store, or load it in the same document."});
    }
}

void check_store(const RightsReport &report, const Names &workspaces, const Candidate &candidate, std::size_t index)
{
    const model::Store &store = candidate.document.stores[index];
    std::string const pointer = "/stores/" + std::to_string(index);
    std::optional<catalog::Store> const existing = candidate.existing_store(index);
    check_owner(report, store.owner, existing ? existing->owner : "", pointer + "/owner");
    check_schema(report, {store.schema, store.owner, report.caller}, pointer + "/schema");
    check_roles(report, store, pointer);
    Names given_up;
    for (const auto &[unused, name] : candidate.identity.workspaces)
        given_up.insert(name);
    check_consumers(report, workspaces, given_up, store, pointer);
}

// A store that sinks may name: of the document, or of the rest of the model.
struct Named {
    const model::Store *store;
    bool changed;           // by this document
    bool consumers_misread; // so they may contain any workspace
};
using Stores = std::map<std::string_view, Named>;

Stores stores_of(const Candidate &candidate, const model::Model &kept)
{
    Stores stores;
    for (std::size_t s = 0; s < candidate.document.stores.size(); ++s)
        stores.insert({candidate.document.stores[s].name,
                       {&candidate.document.stores[s], candidate.changed_stores[s],
                        candidate.is_misread("/stores/" + std::to_string(s) + "/consumers")}});
    for (const model::Store &store : kept.stores)
        stores.insert({store.name, {&store, false, false}});
    return stores;
}

// The store as the workspace sees it. None for a missing store or role: other checks have reported it.
std::optional<rights::SeenStore> seen_by(const Stores &stores, const std::string &name,
                                         const model::Workspace &workspace, bool only_changed)
{
    auto const named = stores.find(name);
    if (named == stores.end() || (only_changed && !named->second.changed) || named->second.consumers_misread)
        return std::nullopt;
    const model::Store &store = *named->second.store;
    if (!pg::role_exists(store.owner) || !pg::role_exists(workspace.owner))
        return std::nullopt;
    return rights::seen_store(store.name, store.owner, store, workspace.name);
}

// Readers of the workspace that the store does not admit.
void check_readers(const RightsReport &report, const rights::SeenStore &seen, const model::Workspace &workspace,
                   const std::string &pointer, Severity severity)
{
    for (std::size_t i = 0; i < workspace.readers().size(); ++i)
        if (!rights::may_be_reader(workspace.readers()[i], seen))
            report.add(severity, pointer.empty() ? "" : pointer + "/readers/" + std::to_string(i), "reader_not_allowed",
                       {"role \"" + workspace.readers()[i] + "\" may not read store \"" + seen.store +
                            "\" as a reader of workspace \"" + workspace.name + "\"",
                        "Have the store's owner name the role among the readers of this consumer, or leave it out."});
}

// Reports sinks whose store the workspace may not read: as errors if the document changes the workspace, otherwise as warnings,
// which do not stop the load. The same of its readers. pointer: empty for a workspace that the document does not name.
void check_sinks(const RightsReport &report, const Stores &stores, const model::Workspace &workspace,
                 const std::string &pointer, Severity severity)
{
    std::map<std::string_view, std::optional<rights::Refusal>> by_store;
    for (std::size_t g = 0; g < workspace.groups.size(); ++g)
        for (std::size_t s = 0; s < workspace.groups[g].sinks.size(); ++s) {
            pg::check_interrupts();
            const std::string &store = workspace.groups[g].sinks[s].store;
            auto const [known, is_new] = by_store.try_emplace(store);
            std::optional<rights::SeenStore> const seen =
                is_new ? seen_by(stores, store, workspace, pointer.empty()) : std::nullopt;
            if (seen)
                known->second = rights::refusal_to_read(workspace.name, workspace.owner, *seen);
            if (seen && !known->second)
                check_readers(report, *seen, workspace, pointer, severity);
            if (known->second)
                report.add(severity,
                           pointer.empty() ? ""
                                           : pointer + "/groups/" + std::to_string(g) + "/sinks/" + std::to_string(s),
                           "not_a_consumer", *known->second);
        }
}

void check_workspaces(const RightsReport &report, const Candidate &candidate, const model::Model &kept)
{
    Stores const stores = stores_of(candidate, kept);
    const std::deque<model::Workspace> &workspaces = candidate.document.workspaces;
    for (std::size_t w = 0; w < workspaces.size(); ++w) {
        const model::Workspace &workspace = workspaces[w];
        std::string const pointer = "/workspaces/" + std::to_string(w);
        bool const changed = candidate.changed_workspaces[w];
        check_sinks(report, stores, workspace, pointer, changed ? Severity::error : Severity::warning);
        if (!changed)
            continue;
        std::optional<catalog::Workspace> const existing = candidate.existing_workspace(w);
        check_owner(report, workspace.owner, existing ? existing->owner : "", pointer + "/owner");
        check_schema(report, {workspace.schema, workspace.owner, report.caller}, pointer + "/schema");
        check_readers(report, workspace.readers(), pointer);
    }
    for (const model::Workspace &workspace : kept.workspaces)
        check_sinks(report, stores, workspace, "", Severity::warning);
}

std::string owner_of(const catalog::ModelPart &part)
{
    switch (part.kind) {
    case catalog::PartKind::store:
        return catalog::find_store(part.name)->owner;
    case catalog::PartKind::workspace:
        return catalog::find_workspace(part.name)->owner;
    case catalog::PartKind::source:
        return catalog::find_source(part.name)->definition.owner;
    case catalog::PartKind::credential:
        break;
    }
    return rights::owner_of_credential(catalog::find_credential(part.name)->definition);
}

std::string what_stays(catalog::PartKind kind)
{
    switch (kind) {
    case catalog::PartKind::store:
        return "leaves the model; its tables stay as they are and are not filled any more";
    case catalog::PartKind::workspace:
        return "leaves the model; its views stay as they are";
    case catalog::PartKind::source:
    case catalog::PartKind::credential:
        break;
    }
    return "leaves the model";
}

// Nothing is dropped and nothing fails. So only this warning shows that a part was left out by mistake.
void check_leaving(const RightsReport &report, const catalog::ModelPart &part)
{
    std::string const owner = owner_of(part);
    std::string const what = std::string(word(part.kind)) + " \"" + part.name + "\"";
    if (!rights::may_load_for(report.caller, owner))
        report.add(Severity::error, "", "not_a_member",
                   {what + " would leave the model, but role \"" + report.caller +
                        "\" is not a member of its owner \"" + owner + "\"",
                    "Load with replace => false to leave it alone."});
    else
        report.add(
            Severity::warning, "", "leaves_the_model",
            {what + " " + what_stays(part.kind),
             "If it was renamed, say so by \"was\". Load with replace => false to keep what the document does not name."});
}

} // namespace

model::Problems check_rights(const Candidate &candidate, const model::Model &kept, const std::string &caller)
{
    model::Report problems;
    RightsReport const report{problems, caller};
    Names workspaces;
    for (const model::Workspace &workspace : candidate.document.workspaces)
        workspaces.insert(workspace.name);
    for (std::size_t s = 0; s < candidate.document.stores.size(); ++s)
        if (candidate.changed_stores[s])
            check_store(report, workspaces, candidate, s);
    check_workspaces(report, candidate, kept);
    check_sources(report, candidate, kept);
    for (const catalog::ModelPart &part : candidate.leaving)
        check_leaving(report, part);
    return problems.take();
}

} // namespace datasurface::definition
