#include "catalog/source.hpp"

#include "catalog/part.hpp"
#include "model/parse.hpp"
#include "model/write_source.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

constexpr char table[] = "source";

} // namespace

std::optional<Source> find_source(const std::string &name)
{
    std::optional<Part> const part = find_part(table, name);
    if (!part)
        return std::nullopt;
    Source source{part->id, model::source_from_json(part->definition), part->in_model};
    source.definition.owner = part->owner;
    return source;
}

std::map<std::string, bool, std::less<>> source_names()
{
    return part_names(table);
}

int save_source(const model::Source &source, const std::string &loaded_by)
{
    return save_part(table, source.name, {0, source.owner, model::to_json(source)}, loaded_by);
}

void retire_source(const std::string &name)
{
    retire_part(table, name);
}

void rename_source(const std::string &from, const std::string &to)
{
    rename_part(table, from, to);
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
