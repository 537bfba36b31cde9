#include "definition/check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/credential.hpp"
#include "catalog/source.hpp"
#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "definition/check_change.hpp"
#include "definition/check_database.hpp"
#include "definition/check_rights.hpp"
#include "definition/unnamed.hpp"
#include "model/lint.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"
#include "model/write_source.hpp"
#include "pg/digest.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "shape/claims.hpp"

namespace datasurface::definition {

namespace {

// When the document names no owner, an existing part keeps its owner, and a new one gets the calling role.
void fill_in_owners(Candidate &candidate, const std::string &caller)
{
    model::Model &document = candidate.document;
    auto const fill_in = [&](std::string &owner, const std::optional<std::string> &existing) {
        if (owner.empty())
            owner = existing && !existing->empty() ? *existing : caller;
    };
    auto const owner_of = [](const auto &existing) { return existing ? std::optional(existing->owner) : std::nullopt; };
    auto const owner_within = [](const auto &existing) {
        return existing ? std::optional(existing->definition.owner) : std::nullopt;
    };
    for (std::size_t i = 0; i < document.stores.size(); ++i)
        fill_in(document.stores[i].owner, owner_of(candidate.existing_store(i)));
    for (std::size_t i = 0; i < document.workspaces.size(); ++i)
        fill_in(document.workspaces[i].owner, owner_of(candidate.existing_workspace(i)));
    for (std::size_t i = 0; i < document.sources.size(); ++i)
        fill_in(document.sources[i].owner, owner_within(candidate.existing_source(i)));
    for (std::size_t i = 0; i < document.credentials.size(); ++i)
        if (document.credentials[i].kind == model::CredentialKind::user_mapping)
            fill_in(document.credentials[i].owner, owner_within(candidate.existing_credential(i)));
}

catalog::ModelPart make_part(catalog::PartKind kind, const std::string &name, const std::string &document)
{
    return {kind, name, pg::sha256(std::string(word(kind)) + "\n" + document), document};
}

void cut_into_parts(Candidate &candidate, const std::vector<catalog::ModelPart> &current)
{
    // make_part() digests the kind too, but not the name
    std::set<std::pair<std::string_view, std::string_view>> loaded;
    for (const catalog::ModelPart &part : current)
        loaded.emplace(part.digest, part.name);
    auto const is_changed = [&](const catalog::ModelPart &part) { return !loaded.contains({part.digest, part.name}); };
    auto const cut = [&](catalog::PartKind kind, const auto &entries, std::vector<bool> &changed) {
        for (const auto &entry : entries) {
            pg::check_interrupts();
            candidate.parts.push_back(make_part(kind, entry.name, model::to_json(entry)));
            changed.push_back(is_changed(candidate.parts.back()));
        }
    };
    const model::Model &document = candidate.document;
    cut(catalog::PartKind::credential, document.credentials, candidate.changed_credentials);
    cut(catalog::PartKind::source, document.sources, candidate.changed_sources);
    cut(catalog::PartKind::store, document.stores, candidate.changed_stores);
    cut(catalog::PartKind::workspace, document.workspaces, candidate.changed_workspaces);
}

// The rows of a store come from elsewhere when its source moves, though nothing that the store says is different.
void change_stores_of_moved_sources(Candidate &candidate)
{
    std::set<std::string_view> moved;
    for (std::size_t i = 0; i < candidate.document.sources.size(); ++i)
        if (candidate.is_moved(i))
            moved.insert(candidate.document.sources[i].name);
    for (std::size_t s = 0; s < candidate.document.stores.size(); ++s)
        if (const model::Rare &source = candidate.document.stores[s].source; source && moved.contains(*source))
            candidate.changed_stores[s] = true;
}

// False when the name of a part could not be read: it may be any part of the loaded model, so it is unknown which ones leave.
bool all_are_named(const Candidate &candidate)
{
    const model::Model &document = candidate.document;
    auto const is_named = [](const auto &entry) { return !entry.name.empty(); };
    auto const are_named = [&](const auto &entries) { return std::all_of(entries.begin(), entries.end(), is_named); };
    return !candidate.misread.contains("") && are_named(document.stores) && are_named(document.workspaces) &&
           are_named(document.sources) && are_named(document.credentials);
}

// Removes claims that clash with another claim of the model: they would also clash with its tables, and be reported twice.
void leave_out(std::vector<shape::Claim> &claims, const model::Problems &clashes)
{
    std::set<std::string_view> pointers;
    for (const model::Problem &clash : clashes)
        pointers.insert(clash.pointer);
    std::erase_if(claims, [&](const shape::Claim &claim) { return pointers.contains(claim.pointer); });
}

// When one place has both problems, removes the warning unknown_workspace (no workspace has the name now), and keeps the error
// unclaimed_workspace (no workspace ever had it). The suggestion of the warning is added to the hint of the error.
void report_unclaimed_once(model::Problems &problems)
{
    std::map<std::string_view, model::Problem *> unclaimed;
    for (model::Problem &problem : problems)
        if (problem.code == "unclaimed_workspace")
            unclaimed.emplace(problem.pointer, &problem);
    std::set<const model::Problem *> reported;
    for (model::Problem &problem : problems) {
        auto const same = unclaimed.find(problem.pointer);
        if (problem.code != "unknown_workspace" || same == unclaimed.end())
            continue;
        reported.insert(&problem);
        if (problem.hint.starts_with("Perhaps"))
            same->second->hint = problem.hint + " Otherwise: " + same->second->hint;
    }
    model::Problems kept;
    for (model::Problem &problem : problems)
        if (!reported.contains(&problem))
            kept.push_back(std::move(problem));
    problems = std::move(kept);
}

void require_size(std::size_t bytes)
{
    int const allowed = pg::settings::max_model_size();
    if (bytes / 1024 < static_cast<std::size_t>(allowed))
        return;
    std::string const in_parts = "Load its stores in several documents, with replace => false";
    bool const can_be_raised = allowed < pg::settings::most_max_model_size;
    throw Error(sqlstate::program_limit_exceeded, "the model document is larger than datasurface.max_model_size",
                "It has " + std::to_string(bytes) + " bytes; " + std::to_string(allowed) + " kB are allowed.",
                in_parts + (can_be_raised ? "; or let a superuser raise the setting." : "."));
}

void add(model::Problems &problems, model::Problems more)
{
    problems.insert(problems.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

bool Candidate::is_misread(const std::string &pointer) const
{
    auto const inside = misread.lower_bound(pointer + "/");
    return misread.contains(pointer) || (inside != misread.end() && inside->starts_with(pointer + "/"));
}

std::optional<catalog::Store> Candidate::existing_store(std::size_t index) const
{
    return catalog::find_store(identity.store_before(document, index));
}

std::optional<catalog::Workspace> Candidate::existing_workspace(std::size_t index) const
{
    return catalog::find_workspace(identity.workspace_before(document, index));
}

std::optional<catalog::Source> Candidate::existing_source(std::size_t index) const
{
    return catalog::find_source(identity.source_before(document, index));
}

std::optional<catalog::Credential> Candidate::existing_credential(std::size_t index) const
{
    return catalog::find_credential(identity.credential_before(document, index));
}

bool Candidate::is_moved(std::size_t source) const
{
    std::optional<catalog::Source> const before = existing_source(source);
    const model::Source &now = document.sources[source];
    return before && (static_cast<const model::Place &>(before->definition) != now ||
                      before->definition.credential != now.credential);
}

Candidate check(const std::string &text, bool replace, const std::string &caller)
{
    require_size(text.size());
    Candidate candidate;
    model::Parsed parsed = model::parse(text, pg::check_interrupts);
    candidate.problems = std::move(parsed.problems);
    candidate.document = std::move(parsed.model);
    if (!parsed.is_whole)
        return candidate;
    std::optional<int> const version = catalog::current_version();
    model::Report names;
    candidate.identity = find_identity(names, candidate.document, !version);
    add(candidate.problems, names.take());
    for (const model::Problem &problem : candidate.problems)
        if (problem.severity == model::Severity::error)
            candidate.misread.insert(problem.pointer);
    fill_in_owners(candidate, caller);

    std::vector<catalog::ModelPart> const current =
        version ? catalog::version_parts(*version) : std::vector<catalog::ModelPart>();
    Unnamed unnamed = unnamed_parts(candidate, current, !replace);
    model::Report references;
    check_references_to_former_names(references, candidate.identity, candidate.document, unnamed.model);
    add(candidate.problems, references.take());
    if (replace && all_are_named(candidate))
        candidate.leaving = std::move(unnamed.parts);

    add(candidate.problems, model::lint(candidate.document, unnamed.model, pg::check_interrupts));
    cut_into_parts(candidate, current);
    change_stores_of_moved_sources(candidate);
    std::vector<shape::Claim> wanted = shape::claims(candidate.document, pg::check_interrupts, unnamed.model);
    model::Problems const clashes =
        shape::check_claims(wanted, shape::claims(unnamed.model, pg::check_interrupts, candidate.document),
                            pg::check_interrupts);
    leave_out(wanted, clashes);
    add(candidate.problems, clashes);
    add(candidate.problems, check_rights(candidate, replace ? model::Model() : unnamed.model, caller));
    report_unclaimed_once(candidate.problems);
    add(candidate.problems, check_database(candidate, wanted, unnamed.model, caller));
    if (!replace)
        candidate.parts.insert(candidate.parts.end(), unnamed.parts.begin(), unnamed.parts.end());
    return candidate;
}

} // namespace datasurface::definition
