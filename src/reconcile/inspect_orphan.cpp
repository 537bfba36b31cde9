#include "reconcile/inspect_orphan.hpp"

#include <set>

#include "catalog/workspace.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "reconcile/inspect.hpp"

namespace datasurface::reconcile {

namespace {

using shape::RelationKind;

bool function_exists(const sqltext::Qualified &name)
{
    return !pg::query({"function_exists", "SELECT 1 WHERE to_regprocedure($1) IS NOT NULL", {name.sql() + "(integer)"}})
                .empty();
}

bool is_dropped(RelationKind kind)
{
    switch (kind) {
    case RelationKind::staging:
    case RelationKind::merge:
    case RelationKind::history:
    case RelationKind::as_of:
    case RelationKind::view:
    case RelationKind::full_view:
        return true;
    case RelationKind::sequence:
    case RelationKind::merge_key:
    case RelationKind::history_out_index:
    case RelationKind::history_key_index:
        break;
    }
    return false; // it goes with its table
}

// The owner of a schema may drop what is in it, and has USAGE on it; the owner of a view there may lack that.
std::string role_for(const catalog::Relation &record)
{
    if (record.workspace_id)
        if (std::optional<catalog::Workspace> const workspace = catalog::workspace(*record.workspace_id);
            workspace && pg::role_exists(workspace->owner))
            return workspace->owner;
    return record.owner;
}

// Parts of an object go with it (deptype a, i, P, S). What depends on it, or on a part, without being one, does not (n). A view depends
// on a table by its rule, which is a part of the view.
constexpr char dependents_of[] =
    "WITH RECURSIVE goes(classid, objid) AS ("
    "  SELECT 'pg_class'::regclass::oid, c.oid FROM unnest($1::name[], $2::name[]) w(schema, name)"
    "   JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name"
    "  UNION SELECT 'pg_proc'::regclass::oid, to_regprocedure(f)::oid FROM unnest($3::text[]) f"
    "   WHERE to_regprocedure(f) IS NOT NULL"
    "  UNION SELECT d.classid, d.objid FROM goes g JOIN pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid"
    "   WHERE d.deptype IN ('a', 'i', 'P', 'S'))"
    " SELECT DISTINCT pg_describe_object(x.classid, x.objid, x.objsubid) COLLATE \"C\""
    " FROM goes g JOIN pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid AND d.deptype = 'n'"
    " LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'"
    " CROSS JOIN LATERAL (SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END,"
    "  coalesce(r.ev_class, d.objid), CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END) x(classid, objid, objsubid)"
    " WHERE (d.classid, d.objid) NOT IN (SELECT classid, objid FROM goes) ORDER BY 1";

} // namespace

std::vector<change::Dropped> inspect_orphan(const std::vector<catalog::Relation> &records)
{
    std::vector<sqltext::Qualified> names;
    for (const catalog::Relation &record : records)
        if (is_dropped(record.kind) && record.kind != RelationKind::as_of)
            names.push_back(record.name);
    FoundRelations const found = inspect_relations(names);
    std::vector<change::Dropped> objects;
    for (const catalog::Relation &record : records) {
        if (!is_dropped(record.kind))
            continue;
        auto const relation = found.find(record.name);
        bool const exists = record.kind == RelationKind::as_of ? function_exists(record.name) : relation != found.end();
        change::Dropped dropped{record.kind, object_of(record, exists), role_for(record)};
        if (relation != found.end())
            dropped.object.there = relation->second.relation;
        for (const std::string &column : columns_of(record.name))
            dropped.object.there.columns.push_back({column, "", false, ""});
        objects.push_back(std::move(dropped));
    }
    return objects;
}

std::vector<std::string> inspect_dependents(const std::vector<change::Dropped> &objects)
{
    std::vector<sqltext::Qualified> relations;
    std::vector<std::string> functions;
    for (const change::Dropped &dropped : objects)
        if (!dropped.object.exists)
            continue;
        else if (dropped.kind == RelationKind::as_of)
            functions.push_back(dropped.object.name.sql() + "(integer)");
        else
            relations.push_back(dropped.object.name);
    NameArrays const names = arrays_of(relations);
    pg::Rows const rows =
        pg::query({"dependents_of", dependents_of, {names.schemas, names.names, sqltext::array_literal(functions)}});
    std::vector<std::string> dependents;
    for (std::size_t row = 0; row < rows.size(); ++row)
        dependents.push_back(rows.text(row, 0));
    return dependents;
}

} // namespace datasurface::reconcile
