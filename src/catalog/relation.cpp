#include "catalog/relation.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

std::vector<Relation> select(const char *condition, std::vector<sqltext::Value> arguments)
{
    pg::Rows const rows =
        pg::query_kept({"relations",
                        std::string("SELECT schema_name, name, kind, dataset_id, workspace_id, definition"
                                    " FROM datasurface.relation WHERE ") +
                            condition,
                        std::move(arguments)});
    std::vector<Relation> all;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Relation relation{{rows.text(row, 0), rows.text(row, 1)},
                          shape::relation_kind(rows.text(row, 2)),
                          rows.integer(row, 3),
                          std::nullopt,
                          rows.text(row, 5)};
        if (!rows.is_null(row, 4))
            relation.workspace_id = rows.integer(row, 4);
        all.push_back(std::move(relation));
    }
    return all;
}

} // namespace

std::vector<Relation> relations_of_dataset(int dataset_id)
{
    return select("dataset_id = $1", {dataset_id});
}

std::vector<Relation> relations_named(const sqltext::Qualified &name)
{
    // With a list of names, or with the workspace as a condition, all relations of the schema or workspace would be read.
    return select("schema_name = $1 AND name = $2", {name.schema, name.name});
}

std::map<shape::RelationKind, TableColumn> columns_in_tables(int dataset_id, const std::string &name)
{
    pg::Rows const rows =
        pg::query_kept({"columns_in_tables",
                        "SELECT r.kind, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM datasurface.relation r"
                        " JOIN pg_namespace n ON n.nspname = r.schema_name::name"
                        " JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = r.name::name"
                        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $2::name AND a.attnum > 0"
                        " WHERE r.dataset_id = $1 AND r.kind IN ('staging', 'merge', 'history')",
                        {dataset_id, name}});
    std::map<shape::RelationKind, TableColumn> columns;
    for (std::size_t row = 0; row < rows.size(); ++row)
        columns[shape::relation_kind(rows.text(row, 0))] = {rows.text(row, 1), rows.boolean(row, 2)};
    return columns;
}

void save_relation(const Relation &relation)
{
    sqltext::Value workspace;
    if (relation.workspace_id)
        workspace = *relation.workspace_id;
    pg::execute_kept({"save_relation",
                      "INSERT INTO datasurface.relation (schema_name, name, kind, dataset_id, workspace_id, definition)"
                      " VALUES ($1, $2, $3, $4, $5::integer, $6)"
                      " ON CONFLICT (schema_name, name, kind) DO UPDATE SET dataset_id = EXCLUDED.dataset_id,"
                      " workspace_id = EXCLUDED.workspace_id, definition = EXCLUDED.definition",
                      {relation.name.schema, relation.name.name, std::string(word(relation.kind)), relation.dataset_id,
                       workspace, relation.definition}});
}

void forget_relation(const sqltext::Qualified &name, shape::RelationKind kind)
{
    pg::execute_kept({"forget_relation",
                      "DELETE FROM datasurface.relation WHERE schema_name = $1 AND name = $2 AND kind = $3",
                      {name.schema, name.name, std::string(word(kind))}});
}

} // namespace datasurface::catalog
