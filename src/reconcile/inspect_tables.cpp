#include "reconcile/inspect_tables.hpp"

#include <algorithm>

#include "catalog/stream.hpp"
#include "change/key.hpp"
#include "change/missing.hpp"
#include "change/tables.hpp"
#include "pg/spi.hpp"
#include "pg/table.hpp"
#include "reconcile/inspect.hpp"

namespace datasurface::reconcile {

namespace {

using change::Actual;
using change::ActualRelation;
using shape::RelationKind;
using sqltext::Qualified;

constexpr RelationKind kinds[] =
    {RelationKind::staging,           RelationKind::sequence, RelationKind::merge,
     RelationKind::merge_key,         RelationKind::history,  RelationKind::history_out_index,
     RelationKind::history_key_index, RelationKind::as_of};

void read_columns(ActualRelation &table, const std::string &oid)
{
    pg::Rows const rows = pg::query_kept(
        {"inspect_columns",
         "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
         // Not joined: while nobody has analyzed pg_description, all comments of the table would be read for each column.
         " coalesce((SELECT d.description FROM pg_description d"
         "  WHERE d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum), '')"
         " FROM pg_attribute a WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
         {oid}});
    for (std::size_t row = 0; row < rows.size(); ++row)
        table.columns.push_back({rows.text(row, 0), rows.text(row, 1), rows.boolean(row, 2), rows.text(row, 3)});
}

void read_index_columns(ActualRelation &index, const std::string &oid)
{
    pg::Rows const rows = pg::query_kept(
        {"inspect_index_columns",
         "SELECT a.attname FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)"
         " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
         " WHERE i.indexrelid = $1::oid ORDER BY k.place",
         {oid}});
    for (std::size_t row = 0; row < rows.size(); ++row)
        index.columns.push_back({rows.text(row, 0), "", false, ""});
}

// A unique index keeps the keys unique. An index on a part of the key does so too.
bool has_key(const std::string &oid, const std::string &key)
{
    return pg::query_kept({"inspect_key",
                           "SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = $1::oid"
                           " AND i.indisunique AND NOT i.indisexclusion AND i.indisvalid AND i.indpred IS NULL"
                           " AND NOT EXISTS (SELECT FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) k"
                           "  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k"
                           "  WHERE k = 0 OR a.attname <> ALL ($2::name[])))",
                           {oid, key}})
        .boolean(0, 0);
}

void read_primary_key(ActualRelation &table, const std::string &oid)
{
    pg::Rows const rows = pg::query_kept(
        {"inspect_primary_key",
         "SELECT a.attname, (SELECT c.conname FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype = 'p')"
         " FROM pg_index i CROSS JOIN LATERAL unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) WITH ORDINALITY k(number, place)"
         " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
         " WHERE i.indrelid = $1::oid AND i.indisprimary ORDER BY k.place",
         {oid}});
    for (std::size_t row = 0; row < rows.size(); ++row) {
        table.primary_key.push_back(rows.text(row, 0));
        table.key_name = rows.text(row, 1);
    }
}

// What an earlier part of a change left, that goes on in this transaction.
void read_parts_of_changes(ActualRelation &table, const std::string &oid, const shape::Shape &shape)
{
    pg::Rows const checks = pg::query_kept({"inspect_checks",
                                            "SELECT conname, convalidated FROM pg_constraint WHERE conrelid = $1::oid"
                                            " AND contype = 'c' AND conname LIKE 'ds\\_surf\\_not\\_null\\_%'",
                                            {oid}});
    for (std::size_t row = 0; row < checks.size(); ++row)
        table.checks[checks.text(row, 0)] = checks.boolean(row, 1);
    table.has_new_key =
        pg::query_kept(
            {"inspect_new_key",
             "SELECT EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
             " WHERE i.indrelid = $1::oid AND c.relname = $2::name AND i.indisunique AND i.indisvalid"
             " AND ARRAY(SELECT a.attname FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)"
             "  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY k.place) = $3::name[])",
             {oid, change::new_key_name(shape), sqltext::array_literal(shape.primary_key)}})
            .boolean(0, 0);
}

void inspect_merge_table(ActualRelation &table, const std::string &oid, const Actual &actual, const shape::Shape &shape)
{
    if (table.kind != 'r')
        return; // a table partitioned by other columns cannot have a primary key
    std::vector<std::string> key;
    for (const std::string &name : shape.primary_key)
        key.push_back(change::name_in_tables(shape, actual, name));
    table.has_key = has_key(oid, sqltext::array_literal(key));
    read_primary_key(table, oid);
    read_parts_of_changes(table, oid, shape);
}

std::vector<Qualified> names_of(const shape::Shape &shape, const std::vector<catalog::Relation> &records)
{
    std::vector<Qualified> names;
    for (RelationKind const kind : kinds)
        names.push_back(change::wanted_name(shape.names, kind));
    for (const catalog::Relation &record : records)
        if (!record.workspace_id && std::find(names.begin(), names.end(), record.name) == names.end())
            names.push_back(record.name);
    return names;
}

std::set<Qualified> inspect_functions(const std::vector<Qualified> &names)
{
    NameArrays const wanted = arrays_of(names);
    pg::Rows const rows =
        pg::query_kept({"inspect_functions",
                        "SELECT n.nspname, p.proname FROM unnest($1::name[], $2::name[]) w(schema, name)"
                        " JOIN pg_namespace n ON n.nspname = w.schema"
                        " JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = w.name"
                        " WHERE p.pronargs = 1 AND p.proargtypes[0] = 'integer'::regtype",
                        {wanted.schemas, wanted.names}});
    std::set<Qualified> functions;
    for (std::size_t row = 0; row < rows.size(); ++row)
        functions.insert({rows.text(row, 0), rows.text(row, 1)});
    return functions;
}

void inspect_object(Actual &actual, const catalog::Relation &record, const FoundRelations &found,
                    const shape::Shape &shape)
{
    auto const relation = found.find(record.name);
    bool const exists =
        record.kind == RelationKind::as_of ? actual.functions.count(record.name) > 0 : relation != found.end();
    change::Object &object = actual.ours[record.kind];
    object = object_of(record, exists);
    if (!exists || record.kind == RelationKind::as_of)
        return;
    object.there = relation->second.relation;
    const std::string &oid = relation->second.oid;
    if (record.kind == RelationKind::history_out_index || record.kind == RelationKind::history_key_index)
        read_index_columns(object.there, oid);
    if (record.kind == RelationKind::staging || record.kind == RelationKind::merge ||
        record.kind == RelationKind::history)
        read_columns(object.there, oid);
    if (record.kind == RelationKind::merge)
        inspect_merge_table(object.there, oid, actual, shape);
}

} // namespace

ActualDataset inspect_dataset(const shape::Shape &shape, const catalog::Dataset &dataset)
{
    ActualDataset found;
    found.records = catalog::relations_of_dataset(dataset.id);
    std::vector<Qualified> const names = names_of(shape, found.records);
    FoundRelations const relations = inspect_relations(names);
    Actual &actual = found.actual;
    actual.made_columns = dataset.made_columns;
    actual.history_from = dataset.history_from;
    for (const auto &[name, relation] : relations)
        actual.relations.insert(name);
    actual.functions = inspect_functions(names);
    for (const catalog::Relation &record : found.records)
        if (!record.workspace_id)
            inspect_object(actual, record, relations, shape);
    if (shape.milestoned && !actual.is_ours(RelationKind::as_of))
        actual.last_batch = catalog::last_batch_of(dataset.id, dataset.store_id);
    if (!change::lacks_made_table(actual))
        return found;
    for (const catalog::Relation &record : found.records)
        if (record.workspace_id && pg::exists(record.name))
            actual.views.push_back({record.kind, record.name});
    return found;
}

} // namespace datasurface::reconcile
