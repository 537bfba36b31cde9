#include "definition/check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "definition/check_change.hpp"
#include "definition/check_database.hpp"
#include "definition/check_rights.hpp"
#include "definition/unnamed.hpp"
#include "model/lint.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"
#include "pg/digest.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "shape/claims.hpp"

namespace datasurface::definition {

namespace {

// When the document names no owner, an existing store or workspace keeps its owner, and a new one gets the calling role.
void fill_in_owners(Candidate &candidate, const std::string &caller)
{
    for (std::size_t s = 0; s < candidate.document.stores.size(); ++s) {
        model::Store &store = candidate.document.stores[s];
        if (!store.owner.empty())
            continue;
        std::optional<catalog::Store> const existing = candidate.existing_store(s);
        store.owner = existing ? existing->owner : caller;
    }
    for (std::size_t w = 0; w < candidate.document.workspaces.size(); ++w) {
        model::Workspace &workspace = candidate.document.workspaces[w];
        if (!workspace.owner.empty())
            continue;
        std::optional<catalog::Workspace> const existing = candidate.existing_workspace(w);
        workspace.owner = existing ? existing->owner : caller;
    }
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
    for (const model::Store &store : candidate.document.stores) {
        pg::check_interrupts();
        candidate.parts.push_back(make_part(catalog::PartKind::store, store.name, model::to_json(store)));
        candidate.changed_stores.push_back(is_changed(candidate.parts.back()));
    }
    for (const model::Workspace &workspace : candidate.document.workspaces) {
        pg::check_interrupts();
        candidate.parts.push_back(make_part(catalog::PartKind::workspace, workspace.name, model::to_json(workspace)));
        candidate.changed_workspaces.push_back(is_changed(candidate.parts.back()));
    }
}

// False when the name of a part could not be read: it may be any part of the loaded model, so it is unknown which ones leave.
bool all_are_named(const Candidate &candidate)
{
    const model::Model &document = candidate.document;
    auto const is_named = [](const auto &entry) { return !entry.name.empty(); };
    return !candidate.misread.contains("") && std::all_of(document.stores.begin(), document.stores.end(), is_named) &&
           std::all_of(document.workspaces.begin(), document.workspaces.end(), is_named);
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
