#include "reconcile/inspect_tables.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "catalog/stream.hpp"
#include "change/missing.hpp"
#include "change/tables.hpp"
#include "pg/spi.hpp"
#include "pg/table.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/inspect_keys.hpp"

namespace datasurface::reconcile {

namespace {

using change::Actual;
using change::ActualColumn;
using change::ActualRelation;
using shape::RelationKind;
using sqltext::Qualified;

constexpr RelationKind kinds[] =
    {RelationKind::staging,           RelationKind::sequence, RelationKind::merge,
     RelationKind::merge_key,         RelationKind::history,  RelationKind::history_out_index,
     RelationKind::history_key_index, RelationKind::as_of};

bool is_history_index(RelationKind kind)
{
    return kind == RelationKind::history_out_index || kind == RelationKind::history_key_index;
}

using RelationsByOid = std::unordered_map<std::string, ActualRelation *>;

std::string oids_of(const RelationsByOid &relations)
{
    std::vector<std::string> oids;
    for (const auto &[oid, relation] : relations)
        oids.push_back(oid);
    return sqltext::array_literal(oids);
}

// By the table and the number of the column.
using Comments = std::map<std::pair<std::string, std::string>, std::string>;

// Asked for by itself: few columns have one, and a join would look for it column by column.
Comments read_comments(const std::string &tables)
{
    pg::Rows const rows = pg::query_kept(
        {"inspect_comments",
         "SELECT d.objoid::text, d.objsubid::text, d.description FROM unnest($1::oid[]) w(oid)"
         " JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = w.oid AND d.objsubid > 0",
         {tables}});
    Comments comments;
    for (std::size_t row = 0; row < rows.size(); ++row)
        comments.emplace(std::pair(rows.text(row, 0), rows.text(row, 1)), rows.text(row, 2));
    return comments;
}

void read_columns(const RelationsByOid &tables)
{
    if (tables.empty())
        return;
    std::string const oids = oids_of(tables);
    pg::Rows const rows = pg::query_kept(
        {"inspect_columns",
         "SELECT a.attrelid::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attnum::text,"
         " a.attidentity <> ''"
         " FROM unnest($1::oid[]) w(oid) JOIN pg_attribute a ON a.attrelid = w.oid"
         " WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum",
         {oids}});
    Comments const comments = read_comments(oids);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        std::string const table = rows.text(row, 0);
        auto const comment = comments.find({table, rows.text(row, 4)});
        tables.at(table)->columns.push_back({rows.text(row, 1), rows.text(row, 2), rows.boolean(row, 3),
                                             comment == comments.end() ? "" : comment->second, rows.boolean(row, 5)});
    }
}

void read_index_columns(const RelationsByOid &indexes)
{
    if (indexes.empty())
        return;
    pg::Rows const rows = pg::query_kept(
        {"inspect_index_columns",
         "SELECT i.indexrelid::text, a.attname FROM unnest($1::oid[]) w(oid) JOIN pg_index i ON i.indexrelid = w.oid"
         " CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)"
         " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY i.indexrelid, k.place",
         {oids_of(indexes)}});
    for (std::size_t row = 0; row < rows.size(); ++row)
        indexes.at(rows.text(row, 0))->columns.push_back({rows.text(row, 1), "", false, ""});
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

// The names that a dataset wants and has.
std::set<Qualified> names_of(const shape::Shape &shape, const std::vector<catalog::Relation> &records)
{
    std::set<Qualified> names;
    for (RelationKind const kind : kinds)
        names.insert(change::wanted_name(shape.names, kind));
    for (const catalog::Relation &record : records)
        if (!record.workspace_id)
            names.insert(record.name);
    return names;
}

// What is there under all names of the datasets.
struct Found {
    FoundRelations relations;
    std::set<Qualified> functions;
};

void inspect_object(Actual &actual, const catalog::Relation &record, const Found &found)
{
    bool const is_function = record.kind == RelationKind::as_of;
    auto const relation = found.relations.find(record.name);
    bool const exists = is_function ? found.functions.count(record.name) > 0 : relation != found.relations.end();
    change::Object &object = actual.ours[record.kind];
    object = object_of(record, exists);
    if (exists && !is_function)
        object.there = relation->second.relation;
}

void inspect_objects(ActualDataset &dataset, const Subject &subject, const Found &found)
{
    Actual &actual = dataset.actual;
    actual.made_columns = subject.dataset.made_columns;
    actual.history_from = subject.dataset.history_from;
    actual.publishing = publishing_of(subject.dataset);
    actual.is_reconciled = subject.dataset.is_reconciled();
    for (const Qualified &name : names_of(subject.shape, dataset.records)) {
        if (found.relations.count(name) > 0)
            actual.relations.insert(name);
        if (found.functions.count(name) > 0)
            actual.functions.insert(name);
    }
    for (const catalog::Relation &record : dataset.records)
        if (!record.workspace_id)
            inspect_object(actual, record, found);
    if (subject.shape.milestoned && !actual.is_ours(RelationKind::as_of))
        actual.last_batch = catalog::last_batch_of(subject.dataset.id, subject.dataset.store_id);
    if (!change::lacks_made_table(actual))
        return;
    for (const catalog::Relation &record : dataset.records)
        if (record.workspace_id && pg::exists(record.name))
            actual.views.push_back({record.kind, record.name});
}

std::vector<ActualDataset> with_records(const std::vector<Subject> &subjects)
{
    std::vector<ActualDataset> all(subjects.size());
    std::map<int, std::size_t> places;
    std::vector<int> ids;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        places[subjects[i].dataset.id] = i;
        ids.push_back(subjects[i].dataset.id);
    }
    for (catalog::Relation &record : catalog::relations_of_datasets(ids))
        all[places.at(record.dataset_id)].records.push_back(std::move(record));
    return all;
}

Found find_all(const std::vector<Subject> &subjects, const std::vector<ActualDataset> &datasets, Size size)
{
    std::set<Qualified> names;
    for (std::size_t i = 0; i < subjects.size(); ++i)
        names.merge(names_of(subjects[i].shape, datasets[i].records));
    std::vector<Qualified> const all(names.begin(), names.end());
    return {inspect_relations(all, size), inspect_functions(all)};
}

} // namespace

std::vector<ActualDataset> inspect_datasets(const std::vector<Subject> &subjects, Size size)
{
    std::vector<ActualDataset> datasets = with_records(subjects);
    Found const found = find_all(subjects, datasets, size);
    RelationsByOid tables, indexes;
    std::vector<MergeTable> merges;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        inspect_objects(datasets[i], subjects[i], found);
        for (auto &[kind, object] : datasets[i].actual.ours) {
            if (!object.exists || !(is_table(kind) || is_history_index(kind)))
                continue;
            const std::string &oid = found.relations.at(object.name).oid;
            (is_table(kind) ? tables : indexes).emplace(oid, &object.there);
            if (kind == RelationKind::merge)
                merges.push_back({oid, object.there, datasets[i].actual, subjects[i].shape});
        }
    }
    read_columns(tables);
    read_index_columns(indexes);
    inspect_keys(merges);
    return datasets;
}

} // namespace datasurface::reconcile
