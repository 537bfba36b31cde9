#include "reconcile/inspect.hpp"

#include "pg/definition.hpp"
#include "pg/spi.hpp"
#include "pg/stop_point.hpp"

namespace datasurface::reconcile {

bool schema_exists(const std::string &name)
{
    return !pg::query_kept({"schema_exists", "SELECT 1 FROM pg_namespace WHERE nspname = $1::name", {name}}).empty();
}

Actual inspect_relations(const std::string &schema, const std::vector<std::string> &names, const std::string &owner)
{
    Actual actual;
    pg::Rows const rows =
        pg::query_kept({"inspect_relations",
                        "SELECT c.relname, c.relkind, coalesce(array_to_string(c.reloptions, ','), ''),"
                        " coalesce((SELECT d.description FROM pg_description d"
                        "  WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0), ''),"
                        " pg_get_userbyid(c.relowner) = $3::name"
                        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        " WHERE n.nspname = $1::name AND c.relname = ANY ($2::name[])",
                        {schema, sqltext::array_literal(names), owner}});
    for (std::size_t row = 0; row < rows.size(); ++row)
        actual.relations[rows.text(row, 0)] = {rows.text(row, 1).at(0),
                                               rows.text(row, 2),
                                               rows.text(row, 3),
                                               {},
                                               rows.boolean(row, 4)};
    return actual;
}

std::vector<std::string> columns_of(const sqltext::Qualified &table)
{
    pg::Rows const rows =
        pg::query_kept({"columns_of",
                        "SELECT a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        " JOIN pg_attribute a ON a.attrelid = c.oid"
                        " WHERE n.nspname = $1::name AND c.relname = $2::name"
                        " AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
                        " ORDER BY a.attnum",
                        {table.schema, table.name}});
    std::vector<std::string> names;
    for (std::size_t row = 0; row < rows.size(); ++row)
        names.push_back(rows.text(row, 0));
    return names;
}

Made made(const catalog::Relation &relation, const std::string &owner)
{
    pg::stop_point("reconcile.inspecting");
    Made made{relation.definition, "", relation.dataset_id};
    if (relation.kind == shape::RelationKind::as_of)
        made.changes = pg::changes_of_function(relation.name, relation.definition, owner);
    if (relation.kind == shape::RelationKind::view || relation.kind == shape::RelationKind::full_view)
        made.changes = pg::changes_of_view(relation.name, relation.definition, owner);
    return made;
}

} // namespace datasurface::reconcile
