#include "reconcile/inspect.hpp"

#include "change/refuse.hpp"
#include "pg/definition.hpp"
#include "pg/settings.hpp"
#include "pg/spi.hpp"
#include "pg/stop_point.hpp"
#include "pg/table.hpp"

namespace datasurface::reconcile {

namespace {

// While somebody has locked the table, the size is the one that VACUUM or ANALYZE found.
std::int64_t size_of(const std::string &oid, std::int64_t known)
{
    return pg::bytes_without_waiting(static_cast<unsigned int>(std::stoul(oid))).value_or(known);
}

} // namespace

bool schema_exists(const std::string &name)
{
    return !pg::query_kept({"schema_exists", "SELECT 1 FROM pg_namespace WHERE nspname = $1::name", {name}}).empty();
}

NameArrays arrays_of(const std::vector<sqltext::Qualified> &names)
{
    std::vector<std::string> schemas, relations;
    for (const sqltext::Qualified &name : names) {
        schemas.push_back(name.schema);
        relations.push_back(name.name);
    }
    return {sqltext::array_literal(schemas), sqltext::array_literal(relations)};
}

FoundRelations inspect_relations(const std::vector<sqltext::Qualified> &names, Size size)
{
    NameArrays const wanted = arrays_of(names);
    pg::Rows const rows = pg::query_kept(
        {"inspect_relations",
         "SELECT n.nspname, c.relname, c.oid::text, c.relkind, coalesce(array_to_string(c.reloptions, ','), ''),"
         " coalesce((SELECT d.description FROM pg_description d"
         "  WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0), ''),"
         " pg_get_userbyid(c.relowner), c.relpersistence <> 'u',"
         " greatest(c.relpages, 0) * current_setting('block_size')::bigint, c.relnatts::integer"
         " FROM unnest($1::name[], $2::name[]) w(schema, name)"
         " JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name",
         {wanted.schemas, wanted.names}});
    FoundRelations found;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        FoundRelation &one = found[{rows.text(row, 0), rows.text(row, 1)}];
        one.oid = rows.text(row, 2);
        one.relation.kind = rows.text(row, 3).at(0);
        one.relation.options = rows.text(row, 4);
        one.relation.comment = rows.text(row, 5);
        one.relation.owner = rows.text(row, 6);
        one.relation.logged = rows.boolean(row, 7);
        one.relation.places = rows.integer(row, 9);
        if (one.relation.kind == 'r')
            one.relation.bytes = size == Size::now ? size_of(one.oid, rows.bigint(row, 8)) : rows.bigint(row, 8);
        one.relation.is_large = one.relation.bytes >= pg::settings::large_table_size();
    }
    return found;
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

change::Publishing publishing_of(const catalog::Dataset &dataset)
{
    return {dataset.unpublished, dataset.published_from};
}

change::Object object_of(const catalog::Relation &record, bool exists)
{
    pg::stop_point("reconcile.inspecting");
    change::Object object;
    object.name = record.name;
    object.definition = record.definition;
    object.owner = record.owner;
    object.dataset = record.dataset_id;
    object.exists = exists;
    if (!exists)
        return object;
    if (record.kind == shape::RelationKind::as_of)
        object.changes = pg::changes_of_function(record.name, record.definition, record.owner);
    if (record.kind == shape::RelationKind::view || record.kind == shape::RelationKind::full_view)
        object.changes = pg::changes_of_view(record.name, record.definition, record.owner);
    return object;
}

void require_as_recorded(const catalog::Relation &record)
{
    bool const is_function = record.kind == shape::RelationKind::as_of;
    change::require_as_made(object_of(record, true), record.name.sql() + (is_function ? "(integer)" : ""));
}

} // namespace datasurface::reconcile
