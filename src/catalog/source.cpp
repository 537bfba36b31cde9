#include "catalog/source.hpp"

#include "model/parse.hpp"
#include "model/write_source.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

std::optional<Source> find_source(const std::string &name)
{
    pg::Rows const rows = pg::query_kept({"find_source",
                                          "SELECT source_id, definition, owner, in_model FROM datasurface.source"
                                          " WHERE name = $1",
                                          {name}});
    if (rows.empty())
        return std::nullopt;
    Source source{rows.integer(0, 0), model::source_from_json(rows.text(0, 1)), rows.boolean(0, 3)};
    source.definition.owner = rows.text(0, 2);
    return source;
}

std::map<std::string, bool, std::less<>> source_names()
{
    pg::Rows const rows = pg::query_kept({"source_names", "SELECT name, in_model FROM datasurface.source", {}});
    std::map<std::string, bool, std::less<>> names;
    for (std::size_t row = 0; row < rows.size(); ++row)
        names.emplace(rows.text(row, 0), rows.boolean(row, 1));
    return names;
}

int save_source(const model::Source &source, const std::string &loaded_by)
{
    pg::Rows const rows =
        pg::query_kept({"save_source",
                        "INSERT INTO datasurface.source (name, owner, definition, loaded_by, in_model)"
                        " VALUES ($1, $2, $3::jsonb, $4, true)"
                        " ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, definition = EXCLUDED.definition,"
                        " loaded_by = EXCLUDED.loaded_by, in_model = true"
                        " RETURNING source_id",
                        {source.name, source.owner, model::to_json(source), loaded_by}});
    return rows.integer(0, 0);
}

void retire_source(const std::string &name)
{
    pg::execute_kept({"retire_source", "UPDATE datasurface.source SET in_model = false WHERE name = $1", {name}});
}

void rename_source(const std::string &from, const std::string &to)
{
    pg::execute_kept({"rename_source", "UPDATE datasurface.source SET name = $2 WHERE name = $1", {from, to}});
}

void save_connections(int source_id, std::optional<int> connections)
{
    pg::execute_kept({"remove_connections",
                      "DELETE FROM datasurface.source_connection c USING (SELECT source_id, slot"
                      "   FROM datasurface.source_connection WHERE source_id = $1 AND slot > $2"
                      "   FOR UPDATE SKIP LOCKED) AS free"
                      " WHERE c.source_id = free.source_id AND c.slot = free.slot",
                      {source_id, connections.value_or(0)}});
    pg::execute_kept({"make_connections",
                      "INSERT INTO datasurface.source_connection (source_id, slot)"
                      " SELECT $1, slot FROM generate_series(1, $2) AS slot ON CONFLICT DO NOTHING",
                      {source_id, connections.value_or(0)}});
}

bool take_connection(int source_id, int connections)
{
    return !pg::query_kept({"take_connection",
                            "SELECT slot FROM datasurface.source_connection WHERE source_id = $1 AND slot <= $2"
                            " ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED",
                            {source_id, connections}})
                .empty();
}

} // namespace datasurface::catalog
