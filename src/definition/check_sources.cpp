#include "definition/check_sources.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/credential.hpp"
#include "catalog/source.hpp"
#include "catalog/store.hpp"
#include "pg/session.hpp"
#include "rights/credentials.hpp"

namespace datasurface::definition {

namespace {

using model::Severity;

// A source with its credential; of the document, or of the rest of the model.
struct Usable {
    const model::Source *source = nullptr;
    const model::Credential *credential = nullptr; // null: there is none, which lint has reported
    bool changed = false;                          // by the document: the source or the credential
    std::string entry;                  // of the document: the pointer to the source, or else to the credential
    const char *member = "/credential"; // that says where a password goes
    bool faulty = false; // an error is reported of the source or the credential; others may only follow from it
};

// Pointers to the sources and credentials of the document that have errors.
std::set<std::string> faulty_entries(const Candidate &candidate)
{
    std::set<std::string> entries;
    for (const model::Problem &problem : candidate.problems)
        if (const std::string &at = problem.pointer;
            problem.severity == Severity::error && (at.starts_with("/sources/") || at.starts_with("/credentials/")))
            entries.insert(at.substr(0, at.find('/', at.find('/', 1) + 1)));
    const auto &credentials = candidate.document.credentials;
    for (std::size_t i = 0; i < credentials.size(); ++i)
        if (candidate.changed_credentials[i] &&
            !std::all_of(credentials[i].roles.begin(), credentials[i].roles.end(), pg::role_exists))
            entries.insert("/credentials/" + std::to_string(i));
    return entries;
}

class Sources {
public:
    Sources(const Candidate &candidate, const model::Model &kept) : faulty(faulty_entries(candidate))
    {
        const model::Model &document = candidate.document;
        for (const model::Credential &credential : kept.credentials)
            credentials.insert({credential.name, {&credential, false, {}}});
        for (std::size_t i = 0; i < document.credentials.size(); ++i)
            credentials.insert(
                {document.credentials[i].name,
                 {&document.credentials[i], candidate.changed_credentials[i], "/credentials/" + std::to_string(i)}});
        for (const model::Source &source : kept.sources)
            add(source, false, {});
        for (std::size_t i = 0; i < document.sources.size(); ++i)
            add(document.sources[i], candidate.changed_sources[i], "/sources/" + std::to_string(i));
    }

    const Usable *find(const std::string &name) const
    {
        auto const found = by_name.find(name);
        return name.empty() || found == by_name.end() || found->second.credential == nullptr ? nullptr : &found->second;
    }

    const std::map<std::string_view, Usable> &all() const { return by_name; }

private:
    struct Known {
        const model::Credential *credential;
        bool changed;
        std::string entry;
    };

    void add(const model::Source &source, bool changed, const std::string &entry)
    {
        Usable usable{&source, nullptr, changed, entry};
        usable.faulty = faulty.contains(entry);
        if (auto const found = credentials.find(source.credential);
            found != credentials.end() && !source.credential.empty()) {
            usable.credential = found->second.credential;
            usable.changed = changed || found->second.changed;
            usable.faulty = usable.faulty || faulty.contains(found->second.entry);
            if (entry.empty()) {
                usable.entry = found->second.entry;
                usable.member = "/server";
            }
        }
        by_name.insert({source.name, usable});
    }

    std::set<std::string> faulty;
    std::map<std::string_view, Known> credentials;
    std::map<std::string_view, Usable> by_name;
};

void check_credential(const RightsReport &report, const Candidate &candidate, std::size_t index)
{
    const model::Credential &credential = candidate.document.credentials[index];
    std::string const pointer = "/credentials/" + std::to_string(index);
    std::optional<catalog::Credential> const existing = candidate.existing_credential(index);
    bool const in_files = credential.kind == model::CredentialKind::files;
    check_owner(report, rights::owner_of_credential(credential),
                existing ? rights::owner_of_credential(existing->definition) : "",
                pointer + (in_files ? "/kind" : "/owner"));
    for (std::size_t i = 0; i < credential.roles.size(); ++i)
        check_role(report, credential.roles[i], "a role that uses a credential",
                   pointer + "/roles/" + std::to_string(i));
}

// Lint has compared the places of credentials of the other kind.
void check_servers(const RightsReport &report, const Sources &sources)
{
    for (const auto &[unused, usable] : sources.all()) {
        if (!usable.changed || usable.credential == nullptr || usable.faulty ||
            usable.credential->kind != model::CredentialKind::user_mapping)
            continue;
        if (std::optional<rights::Refusal> const refusal = rights::refusal_of_place(*usable.source, *usable.credential))
            report.add(Severity::error, usable.entry + usable.member, "not_for_this_place", *refusal);
    }
}

// A store that is pulled from a source.
struct User {
    const std::string &store;
    const std::string &owner;
    bool changed;        // by the document
    std::string pointer; // empty: it is not in the document
};

// Of a store that the document changes it is an error.
void check_use(const RightsReport &report, const Usable *usable, const User &user)
{
    if (usable == nullptr || usable->faulty || (!user.changed && !usable->changed) || !pg::role_exists(user.owner))
        return;
    if (rights::refusal_of_place(*usable->source, *usable->credential))
        return; // it is reported once, at the source
    std::optional<rights::Refusal> refusal = rights::refusal_to_use(user.owner, *usable->source, *usable->credential);
    if (!refusal)
        return;
    if (user.pointer.empty())
        refusal->message = "store \"" + user.store + "\": " + refusal->message;
    report.add(user.changed ? Severity::error : Severity::warning, user.pointer, "source_not_allowed", *refusal);
}

// Stores that the document does not name, by their rows: their definitions may not have been read.
void check_kept_stores(const RightsReport &report, const Sources &sources, const model::Model &kept)
{
    std::set<std::string_view> names;
    for (const model::Store &store : kept.stores)
        names.insert(store.name);
    for (const auto &[name, usable] : sources.all()) {
        if (!usable.changed || usable.credential == nullptr)
            continue;
        for (const catalog::Store &store : catalog::stores_of_source(std::string(name)))
            if (names.contains(store.name))
                check_use(report, &usable, {store.name, store.owner, false, ""});
    }
}

} // namespace

void check_sources(const RightsReport &report, const Candidate &candidate, const model::Model &kept)
{
    const model::Model &document = candidate.document;
    for (std::size_t i = 0; i < document.credentials.size(); ++i)
        if (candidate.changed_credentials[i] && !candidate.is_misread("/credentials/" + std::to_string(i)))
            check_credential(report, candidate, i);
    for (std::size_t i = 0; i < document.sources.size(); ++i)
        if (candidate.changed_sources[i]) {
            std::optional<catalog::Source> const existing = candidate.existing_source(i);
            check_owner(report, document.sources[i].owner, existing ? existing->definition.owner : "",
                        "/sources/" + std::to_string(i) + "/owner");
        }
    Sources const sources(candidate, kept);
    check_servers(report, sources);
    for (std::size_t s = 0; s < document.stores.size(); ++s)
        if (const model::Store &store = document.stores[s]; store.source)
            check_use(report, sources.find(*store.source),
                      {store.name, store.owner, candidate.changed_stores[s],
                       "/stores/" + std::to_string(s) + "/source"});
    check_kept_stores(report, sources, kept);
}

} // namespace datasurface::definition
