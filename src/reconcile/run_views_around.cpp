#include "reconcile/run_views_around.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "catalog/model_version.hpp"
#include "catalog/workspace.hpp"
#include "model/parse.hpp"
#include "pg/definition.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "reconcile/run_views.hpp"

namespace datasurface::reconcile {

namespace {

using change::Action;
using shape::RelationKind;
using sqltext::identifier;

bool is_view(RelationKind kind)
{
    return kind == RelationKind::view || kind == RelationKind::full_view;
}

// Grants on a view, and on its columns that the new view has too. Column '' is the view.
constexpr char grants_of_view[] =
    "WITH v AS (SELECT c.oid, c.relowner, c.relacl FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  WHERE n.nspname = $1::name AND c.relname = $2::name),"
    " acl AS (SELECT '' AS column, v.relowner, x.* FROM v CROSS JOIN LATERAL aclexplode(v.relacl) x"
    "  UNION ALL SELECT a.attname, v.relowner, x.* FROM v JOIN pg_attribute a ON a.attrelid = v.oid"
    "  CROSS JOIN LATERAL aclexplode(a.attacl) x WHERE a.attname = ANY ($3::name[]))"
    " SELECT acl.column, privilege_type, CASE grantee WHEN 0 THEN '' ELSE pg_get_userbyid(grantee) END, is_grantable"
    " FROM acl WHERE grantee <> relowner";

// Comments and defaults of columns that the new view has too.
constexpr char columns_of_view[] =
    "SELECT a.attname, col_description(c.oid, a.attnum), pg_get_expr(f.adbin, f.adrelid)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
    " LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum"
    " WHERE n.nspname = $1::name AND c.relname = $2::name AND a.attname = ANY ($3::name[])";

constexpr char options_of_view[] =
    "SELECT array_to_string(c.reloptions, ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = $1::name AND c.relname = $2::name AND c.reloptions IS NOT NULL";

std::string grant_sql(const pg::Rows &rows, std::size_t row, const std::string &view)
{
    std::string const column = rows.text(row, 0), role = rows.text(row, 2);
    return "GRANT " + rows.text(row, 1) + (column.empty() ? "" : " (" + identifier(column) + ")") + " ON " + view +
           " TO " + (role.empty() ? "PUBLIC" : identifier(role)) + (rows.boolean(row, 3) ? " WITH GRANT OPTION" : "");
}

// columns: that the new view has
std::vector<std::string> read_statements(const sqltext::Qualified &view, const std::vector<std::string> &columns)
{
    std::vector<std::string> statements;
    std::string const name = view.sql(), list = sqltext::array_literal(columns);
    pg::Rows const options = pg::query({"options_of_view", options_of_view, {view.schema, view.name}});
    for (std::size_t row = 0; row < options.size(); ++row)
        statements.push_back("ALTER VIEW " + name + " SET (" + options.text(row, 0) + ")");
    pg::Rows const grants = pg::query({"grants_of_view", grants_of_view, {view.schema, view.name, list}});
    for (std::size_t row = 0; row < grants.size(); ++row)
        statements.push_back(grant_sql(grants, row, name));
    pg::Rows const rest = pg::query({"columns_of_view", columns_of_view, {view.schema, view.name, list}});
    for (std::size_t row = 0; row < rest.size(); ++row) {
        std::string const column = identifier(rest.text(row, 0));
        if (!rest.is_null(row, 1))
            statements.push_back("COMMENT ON COLUMN " + name + "." + column + " IS " +
                                 sqltext::literal(rest.text(row, 1)));
        if (!rest.is_null(row, 2))
            statements.push_back("ALTER VIEW " + name + " ALTER COLUMN " + column + " SET DEFAULT " +
                                 rest.text(row, 2));
    }
    return statements;
}

std::string printed(const catalog::Relation &view)
{
    pg::Rows const rows = pg::query({"printed_view",
                                     "SELECT rtrim(pg_get_viewdef(c.oid), ';') FROM pg_class c"
                                     " JOIN pg_namespace n ON n.oid = c.relnamespace"
                                     " WHERE n.nspname = $1::name AND c.relname = $2::name",
                                     {view.name.schema, view.name.name}});
    return "CREATE OR REPLACE VIEW " + view.name.sql() + " AS " + rows.text(0, 0);
}

std::optional<model::Sink> sink_of(const model::Workspace &workspace, const sqltext::Qualified &view)
{
    for (const model::Group &group : workspace.groups)
        for (const model::Sink &sink : group.sinks) {
            shape::ViewNames const names = shape::view_names(workspace.schema, sink.name);
            if (names.current == view || names.full == view)
                return sink;
        }
    return std::nullopt;
}

struct Subject {
    catalog::Workspace workspace;
    model::Sink sink;
};

// Nothing when the model no longer has the sink.
std::optional<Subject> subject_of(const DroppedView &view)
{
    std::optional<catalog::Workspace> workspace = catalog::workspace(view.record.workspace_id.value());
    if (!workspace)
        return std::nullopt;
    model::Workspace definition = model::workspace_from_json(workspace->definition);
    definition.schema = workspace->schema;
    std::optional<model::Sink> sink = sink_of(definition, view.record.name);
    if (!sink)
        return std::nullopt;
    return Subject{*std::move(workspace), *std::move(sink)};
}

void make_again(Results &results, const DroppedView &view, const shape::Shape &tables, pg::TypeCache &types)
{
    std::optional<Subject> const subject = subject_of(view);
    if (!subject)
        return;
    Sources sources(subject->workspace, catalog::current_version());
    reconcile_sink_on(results, sources, subject->sink, tables, types);
    pg::as_role(tables.owner, [&] {
        for (const std::string &statement : view.statements)
            pg::execute({"keep_of_view", statement, {}});
    });
}

} // namespace

ViewsAround views_around(const std::vector<change::Step> &steps, const std::vector<catalog::Relation> &records,
                         const shape::Shape &tables)
{
    ViewsAround views;
    for (const catalog::Relation &record : records) {
        if (!is_view(record.kind))
            continue;
        bool const dropped = std::any_of(steps.begin(), steps.end(), [&](const change::Step &step) {
            return step.action == Action::drop && step.kind == record.kind && step.name == record.name;
        });
        if (dropped)
            views.dropped.push_back({record, read_statements(record.name, tables.column_names())});
        else if (pg::changes_of_view(record.name, record.definition, record.owner).empty())
            views.kept.push_back(record);
    }
    return views;
}

std::vector<change::Step> planned_to_follow(const ViewsAround &views, const shape::Shape &tables, pg::TypeCache &types)
{
    std::vector<change::Step> all;
    std::set<sqltext::Qualified> dropped;
    for (const DroppedView &view : views.dropped)
        dropped.insert(view.record.name);
    std::set<sqltext::Qualified> planned; // by the first view of a sink: the others are planned with it
    for (const DroppedView &view : views.dropped) {
        std::optional<Subject> const subject = subject_of(view);
        if (!subject ||
            !planned.insert(shape::view_names(subject->workspace.schema, subject->sink.name).current).second)
            continue;
        Sources sources(subject->workspace, catalog::current_version());
        for (change::Step &step : planned_views(sources, subject->sink, &tables, dropped, types))
            all.push_back(std::move(step));
    }
    return all;
}

void follow(Results &results, const ViewsAround &views, const shape::Shape &tables, pg::TypeCache &types)
{
    for (catalog::Relation view : views.kept) {
        if (pg::changes_of_view(view.name, view.definition, view.owner).empty())
            continue;
        view.definition = printed(view);
        catalog::save_relation(view);
    }
    for (const DroppedView &view : views.dropped)
        make_again(results, view, tables, types);
}

} // namespace datasurface::reconcile
