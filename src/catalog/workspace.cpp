#include "catalog/workspace.hpp"

#include "catalog/part.hpp"
#include "model/write.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

std::vector<Workspace> select(const std::string &condition, std::vector<sqltext::Value> arguments)
{
    pg::Rows const rows = pg::query_kept(
        {"workspaces",
         "SELECT workspace_id, name, schema_name, owner, definition, loaded_by FROM datasurface.workspace WHERE " +
             condition,
         std::move(arguments)});
    std::vector<Workspace> all;
    for (std::size_t row = 0; row < rows.size(); ++row)
        all.push_back({rows.integer(row, 0), rows.text(row, 1), rows.text(row, 2), rows.text(row, 3), rows.text(row, 4),
                       rows.text(row, 5)});
    return all;
}

} // namespace

std::optional<Workspace> find_workspace(const std::string &name)
{
    std::vector<Workspace> const found = select("name = $1", {name});
    if (found.empty())
        return std::nullopt;
    return found.front();
}

std::optional<Workspace> workspace(int id)
{
    std::vector<Workspace> const found = select("workspace_id = $1", {id});
    if (found.empty())
        return std::nullopt;
    return found.front();
}

std::vector<Workspace> workspaces_in_model()
{
    return select("in_model ORDER BY name", {});
}

std::vector<Workspace> workspaces_naming(const std::string &store)
{
    return select(
        "in_model AND definition @> jsonb_build_object('groups', jsonb_build_array(jsonb_build_object('sinks',"
        " jsonb_build_array(jsonb_build_object('store', $1::text))))) ORDER BY name",
        {store});
}

std::set<int> workspaces_with_views_on(int store_id)
{
    pg::Rows const rows = pg::query_kept(
        {"workspaces_with_views_on",
         "SELECT DISTINCT r.workspace_id FROM datasurface.dataset d"
         " JOIN datasurface.relation r USING (dataset_id) WHERE d.store_id = $1 AND r.workspace_id IS NOT NULL",
         {store_id}});
    std::set<int> ids;
    for (std::size_t row = 0; row < rows.size(); ++row)
        ids.insert(rows.integer(row, 0));
    return ids;
}

std::map<std::string, bool, std::less<>> workspace_names()
{
    return part_names("workspace");
}

std::vector<Workspace> former_workspaces()
{
    return select("NOT in_model AND workspace_id IN (SELECT r.workspace_id FROM datasurface.relation r"
                  " WHERE r.workspace_id IS NOT NULL"
                  " UNION ALL SELECT s.workspace_id FROM datasurface.schema_reader s) ORDER BY name",
                  {});
}

int save_workspace(const model::Workspace &workspace, const std::string &loaded_by)
{
    pg::Rows const rows =
        pg::query_kept({"save_workspace",
                        "INSERT INTO datasurface.workspace (name, schema_name, owner, definition, loaded_by, in_model)"
                        " VALUES ($1, $2, $3, $4::jsonb, $5, true)"
                        " ON CONFLICT (name) DO UPDATE SET schema_name = EXCLUDED.schema_name, owner = EXCLUDED.owner,"
                        " definition = EXCLUDED.definition, loaded_by = EXCLUDED.loaded_by, in_model = true"
                        " RETURNING workspace_id",
                        {workspace.name, workspace.schema, workspace.owner, model::to_json(workspace), loaded_by}});
    return rows.integer(0, 0);
}

void retire_workspace(const std::string &name)
{
    retire_part("workspace", name);
}

void rename_workspace(const std::string &from, const std::string &to)
{
    rename_part("workspace", from, to);
}

} // namespace datasurface::catalog
