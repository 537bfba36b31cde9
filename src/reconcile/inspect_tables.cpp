#include "reconcile/inspect_tables.hpp"

#include "pg/spi.hpp"
#include "pg/table.hpp"
#include "reconcile/inspect.hpp"

namespace datasurface::reconcile {

namespace {

void read_columns(Actual &actual, const std::string &schema, const std::string &names)
{
    pg::Rows const rows = pg::query_kept(
        {"inspect_columns",
         "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
         // Not joined: while nobody has analyzed pg_description, all comments of the table would be read for each column.
         " coalesce((SELECT d.description FROM pg_description d"
         "  WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = a.attnum), '')"
         " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
         " JOIN pg_attribute a ON a.attrelid = c.oid"
         " WHERE n.nspname = $1::name AND c.relname = ANY ($2::name[])"
         " AND c.relkind IN ('r', 'p', 'f', 'v') AND a.attnum > 0 AND NOT a.attisdropped"
         " ORDER BY c.relname, a.attnum",
         {schema, names}});
    for (std::size_t row = 0; row < rows.size(); ++row)
        actual.relations[rows.text(row, 0)].columns.push_back(
            {rows.text(row, 1), rows.text(row, 2), rows.boolean(row, 3), rows.text(row, 4)});
}

// Reads tables with their columns, and functions.
Actual inspect_tables(const std::string &schema, const std::vector<std::string> &names, const std::string &owner)
{
    std::string const wanted = sqltext::array_literal(names);
    Actual actual = inspect_relations(schema, names, owner);
    read_columns(actual, schema, wanted);
    pg::Rows const functions =
        pg::query_kept({"inspect_functions",
                        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                        " WHERE n.nspname = $1::name AND p.proname = ANY ($2::name[])"
                        " AND p.pronargs = 1 AND p.proargtypes[0] = 'integer'::regtype",
                        {schema, wanted}});
    for (std::size_t row = 0; row < functions.size(); ++row)
        actual.functions.insert(functions.text(row, 0));
    return actual;
}

// True when a unique index keeps the keys unique. An index on a part of the key does so too.
bool has_key(const sqltext::Qualified &table, const std::string &key)
{
    return pg::query_kept({"inspect_key",
                           "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                           " JOIN pg_index i ON i.indrelid = c.oid"
                           " WHERE n.nspname = $1::name AND c.relname = $2::name"
                           " AND i.indisunique AND NOT i.indisexclusion AND i.indisvalid AND i.indpred IS NULL"
                           " AND NOT EXISTS (SELECT FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) k"
                           "  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k"
                           "  WHERE k = 0 OR a.attname <> ALL ($3::name[])))",
                           {table.schema, table.name, key}})
        .boolean(0, 0);
}

std::vector<std::string> primary_key_of(const sqltext::Qualified &table)
{
    pg::Rows const rows = pg::query(
        {"inspect_primary_key",
         "SELECT a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
         " JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
         " CROSS JOIN LATERAL unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) WITH ORDINALITY k(number, place)"
         " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number"
         " WHERE n.nspname = $1::name AND c.relname = $2::name ORDER BY k.place",
         {table.schema, table.name}});
    std::vector<std::string> columns;
    for (std::size_t row = 0; row < rows.size(); ++row)
        columns.push_back(rows.text(row, 0));
    return columns;
}

void inspect_key(Actual &actual, const shape::Shape &shape)
{
    auto const merge = actual.relations.find(shape.names.merge.name);
    if (merge == actual.relations.end() || merge->second.kind != 'r')
        return; // a table partitioned by other columns cannot have a primary key
    ActualRelation &table = merge->second;
    table.has_key = has_key(shape.names.merge, sqltext::array_literal(shape.primary_key));
    if (!table.has_key)
        table.primary_key = primary_key_of(shape.names.merge);
}

} // namespace

ActualDataset inspect_dataset(const shape::Shape &shape, int dataset_id)
{
    const shape::Names &names = shape.names;
    ActualDataset found;
    found.actual =
        inspect_tables(names.merge.schema,
                       {names.staging.name, names.staging_sequence.name, names.merge.name, names.history.name,
                        names.history_out_index.name, names.history_key_index.name, names.as_of.name},
                       shape.owner);
    inspect_key(found.actual, shape);
    found.records = catalog::relations_of_dataset(dataset_id);
    for (const catalog::Relation &relation : found.records)
        if (!relation.workspace_id)
            found.actual.ours[{relation.kind, relation.name.name}] = made(relation, shape.owner);
    if (!lacks_made_table(names, found.actual))
        return found;
    for (const catalog::Relation &relation : found.records)
        if (relation.workspace_id && pg::exists(relation.name))
            found.views.push_back({relation.kind, relation.name});
    return found;
}

} // namespace datasurface::reconcile
