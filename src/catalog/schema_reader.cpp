#include "catalog/schema_reader.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

std::map<std::string, std::set<std::string>> schema_readers(int workspace_id)
{
    pg::Rows const rows =
        pg::query_kept({"schema_readers",
                        "SELECT schema_name, role FROM datasurface.schema_reader WHERE workspace_id = $1",
                        {workspace_id}});
    std::map<std::string, std::set<std::string>> readers;
    for (std::size_t row = 0; row < rows.size(); ++row)
        readers[rows.text(row, 0)].insert(rows.text(row, 1));
    return readers;
}

std::set<std::string> schema_readers_of_others(int workspace_id, const std::string &schema)
{
    pg::Rows const rows =
        pg::query_kept({"schema_readers_of_others",
                        "SELECT role FROM datasurface.schema_reader WHERE schema_name = $2 AND workspace_id <> $1",
                        {workspace_id, schema}});
    std::set<std::string> readers;
    for (std::size_t row = 0; row < rows.size(); ++row)
        readers.insert(rows.text(row, 0));
    return readers;
}

void save_schema_reader(int workspace_id, const std::string &schema, const std::string &role)
{
    pg::execute_kept({"save_schema_reader",
                      "INSERT INTO datasurface.schema_reader (workspace_id, schema_name, role) VALUES ($1, $2, $3)"
                      " ON CONFLICT DO NOTHING",
                      {workspace_id, schema, role}});
}

void forget_schema_reader(int workspace_id, const std::string &schema, const std::string &role)
{
    pg::execute_kept(
        {"forget_schema_reader",
         "DELETE FROM datasurface.schema_reader WHERE workspace_id = $1 AND schema_name = $2 AND role = $3",
         {workspace_id, schema, role}});
}

} // namespace datasurface::catalog
