// rights: who may do what on which object. Loading, reconciling, batches and views ask here and nowhere else. PostgreSQL has
// checked EXECUTE on the function before.
//
// This file decides; facts.hpp reads the facts.
#pragma once

#include <optional>
#include <string>

#include "model/source.hpp"

namespace datasurface::rights {

// The relation of a caller to a store or a workspace.
struct Standing {
    bool superuser = false;
    bool can_become_owner = false; // by SET ROLE; being a member is not enough
    bool extension_owner = false;  // or can act for that role
    bool store_owner = false;      // can act for the owner of the store
    bool is_operator = false;      // can act for one of the store's operators
    bool release_is_named = false; // the store names the roles that decide of its held batches
    bool may_release = false;      // can act for one of those roles
    bool workspace_owner = false;  // can act for the owner of the workspace
};

enum class Act {
    load,               // add it to the model, change or remove it
    run_batches,        // start, seal, merge, run, reset, fail
    decide_held,        // release or discard a held batch
    read_errors,        // of failed batches; they may show values of rows
    reconcile_store,    // its tables
    reconcile_workspace // its views
};

bool may(Act act, const Standing &who);

// The schema that a store or workspace names.
struct SchemaFacts {
    bool exists = false;
    bool owner_may_create_in_it = false;
    bool is_named_like_a_role = false; // the role is not the owner, and the loader cannot SET ROLE to it
    bool owner_may_create_it = false;  // CREATE on the database
    bool loader_may_create_it = false;
};

// Why the name of a schema may not be claimed.
enum class SchemaProblem { others, named_like_a_role, may_not_create };
std::optional<SchemaProblem> schema_problem(const SchemaFacts &facts);

// A workspace with a sink, and the store of the sink's dataset.
struct ReadingFacts {
    bool names_consumers = false; // the store has a list of consumers
    bool is_named = false;        // the workspace is one of them
    bool owner_is_member = false; // the workspace's owner can act for the store's owner
};

bool may_read(const ReadingFacts &facts);

// The owner of a store, and the credential of the source that its datasets are pulled from.
struct UsingFacts {
    bool is_superuser = false;
    bool is_for_place = false; // the host, port and database of the source are among those that the credential is for
    bool is_named = false;     // files: can act for one of the roles that may use it
    bool has_server = false;   // user_mapping: the foreign server exists
    bool may_use_server = false;
    bool has_mapping = false; // its own, or that of PUBLIC
};

// Why the owner may not use the credential.
enum class UseProblem { other_place, not_named, no_server, may_not_use_server, no_mapping };
std::optional<UseProblem> use_problem(model::CredentialKind kind, const UsingFacts &facts);

} // namespace datasurface::rights
