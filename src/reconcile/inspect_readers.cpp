#include "reconcile/inspect_readers.hpp"

#include "pg/session.hpp"
#include "pg/spi.hpp"

namespace datasurface::reconcile {

namespace {

std::set<std::string> roles_in(const pg::Rows &rows)
{
    std::set<std::string> roles;
    for (std::size_t row = 0; row < rows.size(); ++row)
        roles.insert(rows.text(row, 0));
    return roles;
}

} // namespace

std::vector<change::Reader> known_readers(const model::Roles &roles)
{
    std::vector<change::Reader> readers;
    for (const std::string &role : roles)
        readers.push_back({role, role == "public" || pg::role_exists(role)});
    return readers;
}

std::set<std::string> readers_of_view(const sqltext::Qualified &view)
{
    return roles_in(
        pg::query_kept({"readers_of_view",
                        "SELECT CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END"
                        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        " CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a"
                        " WHERE n.nspname = $1::name AND c.relname = $2::name AND a.privilege_type = 'SELECT'"
                        " AND a.grantor = c.relowner",
                        {view.schema, view.name}}));
}

std::set<std::string> users_of_schema(const std::string &schema, const std::string &grantor)
{
    return roles_in(pg::query_kept(
        {"users_of_schema",
         "SELECT CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END"
         " FROM pg_namespace n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
         " WHERE n.nspname = $1::name AND a.privilege_type = 'USAGE'"
         " AND (a.grantor = n.nspowner OR pg_get_userbyid(a.grantor) = $2)",
         {schema, grantor}}));
}

} // namespace datasurface::reconcile
