// The readers of a workspace: who gets SELECT on its views and USAGE on their schema, and loses them. Only what reconcile granted is
// revoked; what others granted is kept.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "change/step.hpp"
#include "change/tables.hpp"

namespace datasurface::change {

struct Reader {
    std::string role; // "public" is PUBLIC
    bool exists = true;
};

struct Readers {
    std::vector<Reader> wanted = {};
    std::set<std::string> there = {};  // that have the privilege from its owner
    std::set<std::string> ours = {};   // to which reconcile granted it, by our records
    std::set<std::string> shared = {}; // to which it granted it for another workspace too
    bool object_waits = false;         // it shows what it is to show no longer, so who is new waits
};

// What is granted: SELECT on a view, or USAGE on a schema.
struct Readable {
    std::string privilege;   // "SELECT ON "
    sqltext::Qualified name; // of a schema: no name in it
    Role role;               // that grants
    std::string refusal;     // why it may not; empty: it may

    std::string sql() const { return name.name.empty() ? sqltext::identifier(name.schema) : name.sql(); }
};

Readable select_on(const sqltext::Qualified &view);
Readable usage_on(const std::string &schema);

std::string role_sql(const std::string &role);

// A grant is safe. To revoke one is lossy: somebody reads what he cannot read afterwards.
void settle_readers(Planned &plan, const Readable &object, const Readers &readers);

} // namespace datasurface::change
