#include "reconcile/inspect_uses.hpp"

#include <algorithm>

#include "pg/spi.hpp"
#include "reconcile/inspect.hpp"

namespace datasurface::reconcile {

namespace {

using shape::RelationKind;

// Of views: the view, not its rule. Parts of the table that go with the column, such as its default, its indexes and its
// constraints, do not depend on it as others do (deptype a or i; a CHECK has n too). The as-of function is not asked for: it is ours.
constexpr char users_of[] =
    "WITH used AS (SELECT c.oid, c.relname FROM unnest($1::name[], $2::name[]) w(schema, name)"
    " JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name)"
    " SELECT DISTINCT coalesce(a.attname, ''), pg_describe_object(x.classid, x.objid, x.objsubid),"
    "  vn.nspname, v.relname"
    " FROM used u JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid AND d.deptype = 'n'"
    " LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0"
    " LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid"
    " LEFT JOIN pg_class v ON v.oid = r.ev_class LEFT JOIN pg_namespace vn ON vn.oid = v.relnamespace"
    " CROSS JOIN LATERAL (SELECT CASE WHEN v.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END,"
    "  coalesce(v.oid, d.objid), CASE WHEN v.oid IS NULL THEN d.objsubid ELSE 0 END) x(classid, objid, objsubid)"
    " WHERE (v.oid IS NULL OR v.oid NOT IN (SELECT oid FROM used))"
    " AND NOT (d.classid = 'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_depend a WHERE a.classid = d.classid"
    "  AND a.objid = d.objid AND a.refclassid = d.refclassid AND a.refobjid = d.refobjid AND a.refobjsubid = d.refobjsubid"
    "  AND a.deptype = 'a'))"
    " AND NOT (d.classid = 'pg_class'::regclass AND d.objid IN (SELECT oid FROM used))"
    " AND (d.classid <> 'pg_proc'::regclass OR d.objid <> coalesce(to_regprocedure($3), 0))";

// The row type has a type of arrays, which goes with it (deptype i).
constexpr char users_of_row_type[] =
    "SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = c.reltype AND d.deptype = 'n'"
    " WHERE n.nspname = $1::name AND c.relname = $2::name";

// A foreign key depends on the index; a view that groups by the key, on its constraint.
constexpr char users_of_key[] =
    "WITH used AS (SELECT i.indexrelid, p.oid AS constraint_oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
    " LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p'"
    " WHERE n.nspname = $1::name AND c.relname = $2::name),"
    " refers AS (SELECT 'pg_class'::regclass::oid AS class, indexrelid AS id FROM used"
    " UNION ALL SELECT 'pg_constraint'::regclass::oid, constraint_oid FROM used)"
    " SELECT DISTINCT CASE WHEN r.oid IS NULL THEN pg_describe_object(d.classid, d.objid, d.objsubid)"
    "  ELSE pg_describe_object('pg_class'::regclass, r.ev_class, 0) END"
    " FROM refers f JOIN pg_depend d ON d.refclassid = f.class AND d.refobjid = f.id AND d.deptype = 'n'"
    " LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid ORDER BY 1";

std::optional<change::Dependent> view_of_ours(const ActualDataset &dataset, const sqltext::Qualified &name)
{
    for (const catalog::Relation &record : dataset.records)
        if (record.workspace_id && record.name == name)
            return change::Dependent{record.kind, record.name};
    return std::nullopt;
}

std::vector<change::Use> uses_of(const ActualDataset &dataset, const std::vector<sqltext::Qualified> &relations)
{
    NameArrays const names = arrays_of(relations);
    const change::Object *const as_of = dataset.actual.find(RelationKind::as_of);
    pg::Rows const rows = pg::query_kept(
        {"inspect_uses",
         users_of,
         {names.schemas, names.names, sqltext::or_null(as_of == nullptr ? "" : as_of->name.sql() + "(integer)")}});
    std::vector<change::Use> uses;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        change::Use use{rows.text(row, 0), rows.text(row, 1), std::nullopt};
        if (!rows.is_null(row, 2))
            use.view = view_of_ours(dataset, {rows.text(row, 2), rows.text(row, 3)});
        uses.push_back(std::move(use));
    }
    return uses;
}

} // namespace

std::vector<change::Use> inspect_uses(const ActualDataset &dataset)
{
    std::vector<sqltext::Qualified> tables;
    for (RelationKind const kind : {RelationKind::merge, RelationKind::history})
        if (const change::Object *const table = dataset.actual.find(kind))
            tables.push_back(table->name);
    std::vector<change::Use> uses = uses_of(dataset, tables);
    std::vector<change::Use> on_views;
    for (const change::Use &use : uses)
        if (use.view)
            for (const std::string &object : dependents_of(use.view->name))
                on_views.push_back({use.column, object, std::nullopt});
    uses.insert(uses.end(), on_views.begin(), on_views.end());
    return uses;
}

std::vector<std::string> inspect_key_users(const sqltext::Qualified &table)
{
    pg::Rows const rows = pg::query_kept({"users_of_key", users_of_key, {table.schema, table.name}});
    std::vector<std::string> users;
    for (std::size_t row = 0; row < rows.size(); ++row)
        users.push_back(rows.text(row, 0));
    return users;
}

std::vector<std::string> dependents_of(const sqltext::Qualified &view)
{
    std::vector<std::string> objects;
    for (change::Use &use : uses_of({}, {view}))
        objects.push_back(std::move(use.object));
    pg::Rows const rows = pg::query_kept({"users_of_row_type", users_of_row_type, {view.schema, view.name}});
    for (std::size_t row = 0; row < rows.size(); ++row)
        objects.push_back(rows.text(row, 0));
    std::sort(objects.begin(), objects.end());
    objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
    return objects;
}

} // namespace datasurface::reconcile
