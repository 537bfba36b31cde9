// rights: who may do what on which object. Loading, reconciling, batches and views ask here and nowhere else; EXECUTE on a
// function comes first, and is PostgreSQL's business.
//
// This file decides; facts.hpp finds out.
#pragma once

#include <optional>
#include <string>

namespace datasurface::rights {

// Who a caller is to a store, or to a workspace.
struct Standing {
    bool superuser = false;
    bool can_become_owner = false; // by SET ROLE; being a member is not enough
    bool extension_owner = false;  // or can act for that role
    bool store_owner = false;      // can act for the owner of the store
    bool is_operator = false;      // can act for one of the store's operators
    bool workspace_owner = false;  // can act for the owner of the workspace
};

enum class Act {
    load,               // add it to the model, change or remove it
    run_batches,        // start, seal, merge, run, reset, fail
    read_errors,        // of a failed batch: they may show values of rows
    reconcile_store,    // its tables
    reconcile_workspace // its views
};

bool may(Act act, const Standing &who);

// What there is in the place of a schema that a store or workspace names.
struct SchemaFacts {
    bool exists = false;
    bool owner_may_create_in_it = false;
    bool is_named_like_a_role = false; // that is neither the owner, nor one that the loader can become
    bool owner_may_create_it = false;  // CREATE on the database
    bool loader_may_create_it = false;
};

// Why the name of a schema may not be claimed.
enum class SchemaProblem { others, named_like_a_role, may_not_create };
std::optional<SchemaProblem> schema_problem(const SchemaFacts &facts);

// Who reads what: a workspace with a sink, and the store of its dataset.
struct ReadingFacts {
    bool names_consumers = false; // does the store say who its consumers are?
    bool is_named = false;        // the workspace is one of them
    bool owner_is_member = false; // the workspace's owner can act for the store's owner
};

bool may_read(const ReadingFacts &facts);

} // namespace datasurface::rights
