// Reads the facts for plan.hpp from the database and the catalogs, and makes the errors.
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

// True when `loader` may load, change or remove objects of `owner`: roles that can SET ROLE to the owner may. When the owner
// no longer exists, superusers and the extension's owner may.
bool may_load_for(const std::string &loader, const std::string &owner);

bool may(Act act, const std::string &caller, const catalog::Store &store);
bool may_reconcile(const std::string &caller, const catalog::Workspace &workspace);
// A sink's view may be made by roles that may reconcile the workspace or the store that it reads.
bool may_make_view(const std::string &caller, const catalog::Workspace &workspace, const std::string &store);

// Throws 42501. The hint names the roles to ask. stream: as the caller named it.
void require_to_run(const std::string &caller, const catalog::Store &store, const std::string &stream);
// For the release or discard of a held batch.
// To see rows that a batch would change. Operators may run batches without a right to read the tables.
bool may_preview_rows(const std::string &caller, const catalog::Store &store, const sqltext::Qualified &merge_table);
void require_to_decide(const std::string &caller, const catalog::Store &store, const std::string &stream);
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

// For loading an object of `owner`. before: its previous owner; empty: it is new. A change of owner requires membership in
// both roles.
std::optional<Refusal> refusal_to_load(const std::string &loader, const std::string &owner, const std::string &before);

// The role that creates a missing schema: the owner, or else the loader. Throws 42501 when neither may.
std::string maker_of(const Schema &schema);

// The privileges on a schema that a role lacks to create an object there.
std::vector<std::string> missing_to_create_in(const std::string &role, const std::string &schema);

// True for a schema that does not exist: its owner may.
bool may_grant_usage(const std::string &role, const std::string &schema);

// A store as one workspace sees it; by the catalog, or by a document that is not loaded yet.
struct SeenStore {
    std::string store;
    std::string owner;
    bool names_consumers = false;                 // the store lists its consumers
    bool is_named = false;                        // the workspace is one of them
    std::optional<std::set<std::string>> readers; // roles that may read the workspace's views of the store; none: any
};

// Searches all consumers, so call it once for all sinks of the workspace on that store.
SeenStore seen_store(const std::string &store, const std::string &owner, const model::Access &access,
                     const std::string &workspace);

std::optional<Refusal> refusal_to_read(const std::string &workspace, const std::string &owner, const SeenStore &seen);

// A role that reconcile may grant SELECT on the workspace's views of the store.
bool may_be_reader(const std::string &role, const SeenStore &seen);

// Roles that can read a view but that the store does not allow as readers of this workspace.
std::vector<std::string> unwanted_readers(const sqltext::Qualified &view, const SeenStore &seen);

} // namespace datasurface::rights
