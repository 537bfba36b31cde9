// What plan.hpp decides by, as the database and the catalogs have it; and the errors that say no.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "rights/plan.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::rights {

// May somebody load, change or remove what belongs to a role? Who can become that role may; of a role that is gone, superusers
// and the extension's owner.
bool may_load_for(const std::string &loader, const std::string &owner);

bool may(Act act, const std::string &caller, const catalog::Store &store);
bool may_reconcile(const std::string &caller, const catalog::Workspace &workspace);
// The view of a sink: by who may reconcile the workspace, or the store that it reads.
bool may_make_view(const std::string &caller, const catalog::Workspace &workspace, const std::string &store);

// Throws 42501, and says whom to ask. stream: as the caller named it.
void require_to_run(const std::string &caller, const catalog::Store &store, const std::string &stream);
void require_to_reconcile(const std::string &caller, const catalog::Store &store);

// A schema that a store or workspace of `owner` names, in a model that `loader` loads or has loaded.
struct Schema {
    std::string name;
    std::string owner;
    std::string loader;
};

struct Refusal {
    std::string message;
    std::string hint;
};

std::optional<Refusal> refusal(const Schema &schema);

// To load what belongs to `owner`, and belonged to `before`; empty: it is new. Who takes over is a member of both roles.
std::optional<Refusal> refusal_to_load(const std::string &loader, const std::string &owner, const std::string &before);

// In whose name a missing schema is made: the owner's, or else the loader's. Throws 42501 when neither may.
std::string maker_of(const Schema &schema);

// A store as one workspace sees it; by the catalog, or by a document that is not loaded yet.
struct Source {
    std::string store;
    std::string owner;
    bool names_consumers = false;                 // does the store say who its consumers are?
    bool is_named = false;                        // the workspace is one of them
    std::optional<std::set<std::string>> readers; // roles that may read the workspace's views of it; none: any
};

// Looks through all consumers: to be asked once for all sinks of the workspace on that store.
Source source_of(const std::string &store, const std::string &owner, const model::Access &access,
                 const std::string &workspace);

std::optional<Refusal> refusal_to_read(const std::string &workspace, const std::string &owner, const Source &source);

// Roles that may read a view, and that the store does not name as possible readers of this workspace.
std::vector<std::string> unwanted_readers(const sqltext::Qualified &view, const Source &source);

} // namespace datasurface::rights
