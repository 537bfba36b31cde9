#include "reconcile/inspect_extras.hpp"

#include "pg/spi.hpp"

namespace datasurface::reconcile {

namespace {

using change::ViewExtra;
using Kind = change::ViewExtra::Kind;

// A new view gets these, whether the present one has them or not.
constexpr char default_privileges[] =
    "SELECT DISTINCT x.grantee, pg_get_userbyid(x.grantee) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_default_acl d ON d.defaclrole = c.relowner AND d.defaclobjtype = 'r'"
    "  AND d.defaclnamespace IN (0, n.oid)"
    " CROSS JOIN LATERAL aclexplode(d.defaclacl) x"
    " WHERE n.nspname = $1::name AND c.relname = $2::name AND x.grantee <> c.relowner ORDER BY 1";

// On the view and on its columns.
constexpr char grants_of_view[] =
    "WITH v AS (SELECT c.oid, c.relowner, c.relacl FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  WHERE n.nspname = $1::name AND c.relname = $2::name),"
    " acl AS (SELECT 0 AS attnum, '' AS column, v.relowner, x.* FROM v CROSS JOIN LATERAL aclexplode(v.relacl) x"
    "  UNION ALL SELECT a.attnum, a.attname, v.relowner, x.* FROM v JOIN pg_attribute a ON a.attrelid = v.oid"
    "  CROSS JOIN LATERAL aclexplode(a.attacl) x)"
    " SELECT acl.column, privilege_type, grantee, pg_get_userbyid(grantee), is_grantable FROM acl"
    " WHERE grantee <> relowner ORDER BY attnum, grantee, privilege_type";

constexpr char columns_of_view[] =
    "SELECT a.attname, col_description(c.oid, a.attnum), pg_get_expr(f.adbin, f.adrelid)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
    " LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum"
    " WHERE n.nspname = $1::name AND c.relname = $2::name ORDER BY a.attnum";

constexpr char triggers_of_view[] =
    "SELECT pg_get_triggerdef(t.oid), 'TRIGGER ', t.tgname, obj_description(t.oid, 'pg_trigger') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal"
    " WHERE n.nspname = $1::name AND c.relname = $2::name"
    " UNION ALL SELECT pg_get_ruledef(r.oid), 'RULE ', r.rulename, obj_description(r.oid, 'pg_rewrite') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'"
    " WHERE n.nspname = $1::name AND c.relname = $2::name ORDER BY 1";

std::string role_sql(const pg::Rows &rows, std::size_t row, std::size_t number)
{
    return rows.text(row, number) == "0" ? "PUBLIC" : sqltext::identifier(rows.text(row, number + 1));
}

} // namespace

std::vector<ViewExtra> extras_of(const sqltext::Qualified &view)
{
    std::vector<ViewExtra> extras;
    auto const rows_of = [&](const char *name, const char *text) {
        return pg::query_kept({name, text, {view.schema, view.name}});
    };
    pg::Rows const defaults = rows_of("default_privileges", default_privileges);
    for (std::size_t row = 0; row < defaults.size(); ++row)
        extras.push_back({Kind::revoke, "", "", role_sql(defaults, row, 0)});
    pg::Rows const grants = rows_of("grants_of_view", grants_of_view);
    for (std::size_t row = 0; row < grants.size(); ++row)
        extras.push_back({Kind::grant, grants.text(row, 1), grants.text(row, 0),
                          role_sql(grants, row, 2) + (grants.boolean(row, 4) ? " WITH GRANT OPTION" : "")});
    pg::Rows const columns = rows_of("columns_of_view", columns_of_view);
    for (std::size_t row = 0; row < columns.size(); ++row) {
        if (!columns.is_null(row, 1))
            extras.push_back({Kind::comment, columns.text(row, 1), columns.text(row, 0)});
        if (!columns.is_null(row, 2))
            extras.push_back({Kind::default_value, columns.text(row, 2), columns.text(row, 0)});
    }
    pg::Rows const triggers = rows_of("triggers_of_view", triggers_of_view);
    for (std::size_t row = 0; row < triggers.size(); ++row)
        extras.push_back({Kind::statement, triggers.text(row, 0)});
    for (std::size_t row = 0; row < triggers.size(); ++row)
        if (!triggers.is_null(row, 3))
            extras.push_back({Kind::statement, "COMMENT ON " + triggers.text(row, 1) +
                                                   sqltext::identifier(triggers.text(row, 2)) + " ON " + view.sql() +
                                                   " IS " + sqltext::literal(triggers.text(row, 3))});
    return extras;
}

} // namespace datasurface::reconcile
