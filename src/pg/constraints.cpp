#include "pg/constraints.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "pg/constraints_raising.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "commands/trigger.h"
}

namespace datasurface::pg {

namespace {

// The deferrable constraints of all tables that a write may reach, and constraints that have the same schema and name; each with a table
// for which deferred checks may be pending.
constexpr char deferrable[] =
    "WITH RECURSIVE reached(relation) AS ("
    "   SELECT c.oid FROM unnest($1::text[], $2::text[]) AS t(schema_name, name)"
    "   JOIN pg_namespace n ON n.nspname = t.schema_name::name"
    "   JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.name::name"
    " UNION"
    "   SELECT x.next FROM reached r CROSS JOIN LATERAL ("
    "     SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = r.relation"
    "     UNION ALL SELECT k.conrelid FROM pg_constraint k WHERE k.confrelid = r.relation AND k.contype = 'f'"
    "       AND (k.confupdtype IN ('c', 'n', 'd') OR k.confdeltype IN ('c', 'n', 'd'))) AS x(next)),"
    " named AS (SELECT DISTINCT k.connamespace, k.conname FROM pg_constraint k"
    "   WHERE k.condeferrable AND (k.conrelid IN (SELECT relation FROM reached) OR k.confrelid IN (SELECT relation FROM reached)))"
    " SELECT n.nspname, k.conname, w.relation::bigint, w.relation::regclass::text"
    " FROM named JOIN pg_constraint k USING (connamespace, conname) JOIN pg_namespace n ON n.oid = k.connamespace"
    " CROSS JOIN LATERAL (VALUES (k.conrelid), (k.confrelid)) AS w(relation)"
    " WHERE k.condeferrable AND w.relation <> 0 ORDER BY 1, 2, 3";

[[noreturn]] void refuse(const std::string &table)
{
    throw Error(sqlstate::object_in_use, "table " + table + " has deferred checks of this transaction waiting",
                "They would be made in the middle of the batch, and in another role's name.",
                "SET CONSTRAINTS ALL IMMEDIATE, or COMMIT, before this call.");
}

} // namespace

void make_constraints_immediate(const std::vector<sqltext::Qualified> &tables)
{
    std::vector<std::string> schemas, names;
    bool found = false;
    for (const sqltext::Qualified &table : tables) {
        schemas.push_back(table.schema);
        names.push_back(table.name);
        found = call([&] { return may_have_deferrable(table); }) || found;
    }
    if (!found)
        return;
    Rows const rows =
        query({"deferrable", deferrable, {sqltext::array_literal(schemas), sqltext::array_literal(names)}});
    std::vector<std::string> constraints;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto const table = static_cast<Oid>(rows.bigint(row, 2));
        if (call([&] { return AfterTriggerPendingOnRel(table); }))
            refuse(rows.text(row, 3));
        std::string const name = sqltext::Qualified{rows.text(row, 0), rows.text(row, 1)}.sql();
        if (constraints.empty() || constraints.back() != name)
            constraints.push_back(name);
    }
    if (!constraints.empty())
        execute({"constraints_immediate", "SET CONSTRAINTS " + sqltext::join(constraints, ", ") + " IMMEDIATE", {}});
}

} // namespace datasurface::pg
