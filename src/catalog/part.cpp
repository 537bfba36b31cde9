#include "catalog/part.hpp"

namespace datasurface::catalog {

std::map<std::string, bool, std::less<>> names_of(const pg::Rows &rows)
{
    std::map<std::string, bool, std::less<>> names;
    for (std::size_t row = 0; row < rows.size(); ++row)
        names.emplace(rows.text(row, 0), rows.boolean(row, 1));
    return names;
}

std::optional<Part> find_part(const std::string &table, const std::string &name)
{
    pg::Rows const rows = pg::query_kept(
        {"find_" + table,
         "SELECT " + table + "_id, owner, definition, in_model FROM datasurface." + table + " WHERE name = $1",
         {name}});
    if (rows.empty())
        return std::nullopt;
    return Part{rows.integer(0, 0), rows.text(0, 1), rows.text(0, 2), rows.boolean(0, 3)};
}

std::map<std::string, bool, std::less<>> part_names(const std::string &table)
{
    return names_of(pg::query_kept({table + "_names", "SELECT name, in_model FROM datasurface." + table, {}}));
}

int save_part(const std::string &table, const std::string &name, const Part &part, const std::string &loaded_by)
{
    return pg::query_kept(
               {"save_" + table,
                "INSERT INTO datasurface." + table +
                    " (name, owner, definition, loaded_by, in_model) VALUES ($1, $2, $3::jsonb, $4, true)"
                    " ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, definition = EXCLUDED.definition,"
                    " loaded_by = EXCLUDED.loaded_by, in_model = true RETURNING " +
                    table + "_id",
                {name, part.owner, part.definition, loaded_by}})
        .integer(0, 0);
}

void retire_part(const std::string &table, const std::string &name)
{
    pg::execute_kept(
        {"retire_" + table, "UPDATE datasurface." + table + " SET in_model = false WHERE name = $1", {name}});
}

void rename_part(const std::string &table, const std::string &from, const std::string &to)
{
    pg::execute_kept({"rename_" + table, "UPDATE datasurface." + table + " SET name = $2 WHERE name = $1", {from, to}});
}

} // namespace datasurface::catalog
