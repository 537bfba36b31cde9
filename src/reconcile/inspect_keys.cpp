#include "reconcile/inspect_keys.hpp"

#include <algorithm>
#include <unordered_map>

#include "change/key.hpp"
#include "change/tables.hpp"
#include "pg/spi.hpp"

namespace datasurface::reconcile {

namespace {

// The columns of an index, without those that it only includes; NULL stands for an expression.
constexpr char unique_indexes[] =
    "SELECT i.indrelid::text, c.relname, i.indisprimary,"
    " i.indpred IS NULL AND NOT i.indisexclusion AND NOT EXISTS (SELECT FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) x WHERE x = 0),"
    // by the table: pg_constraint has no index on conindid
    " coalesce((SELECT p.conname FROM pg_constraint p"
    "  WHERE p.conrelid = i.indrelid AND p.contype = 'p' AND p.conindid = i.indexrelid), ''),"
    " a.attname"
    " FROM unnest($1::oid[]) w(oid) JOIN pg_index i ON i.indrelid = w.oid JOIN pg_class c ON c.oid = i.indexrelid"
    " CROSS JOIN LATERAL unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) WITH ORDINALITY k(number, place)"
    " LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
    " WHERE i.indisunique AND i.indisvalid ORDER BY i.indrelid, i.indexrelid, k.place";

struct UniqueIndex {
    std::string name;
    bool primary = false;
    bool whole = false; // it is on columns only, and on all rows
    std::string constraint;
    std::vector<std::string> columns;
};

using IndexesByTable = std::unordered_map<std::string, std::vector<UniqueIndex>>;

IndexesByTable read_indexes(const std::string &oids)
{
    IndexesByTable tables;
    pg::Rows const rows = pg::query_kept({"inspect_keys", unique_indexes, {oids}});
    for (std::size_t row = 0; row < rows.size(); ++row) {
        std::vector<UniqueIndex> &indexes = tables[rows.text(row, 0)];
        if (indexes.empty() || indexes.back().name != rows.text(row, 1))
            indexes.push_back({rows.text(row, 1), rows.boolean(row, 2), rows.boolean(row, 3), rows.text(row, 4), {}});
        if (!rows.is_null(row, 5))
            indexes.back().columns.push_back(rows.text(row, 5));
    }
    return tables;
}

// An index on a part of the key keeps it unique too.
bool keeps_unique(const UniqueIndex &index, const std::vector<std::string> &key)
{
    return index.whole && std::all_of(index.columns.begin(), index.columns.end(), [&](const std::string &column) {
               return std::find(key.begin(), key.end(), column) != key.end();
           });
}

void fill(const MergeTable &merge, const std::vector<UniqueIndex> &indexes)
{
    std::vector<std::string> key;
    for (const std::string &name : merge.shape.primary_key)
        key.push_back(change::name_in_tables(merge.shape, merge.actual, name));
    std::string const new_key = change::new_key_name(merge.actual.ours.at(shape::RelationKind::merge).dataset);
    bool const partitioned = merge.table.kind != 'r';
    merge.table.has_key = partitioned; // one that is partitioned by other columns cannot have it
    for (const UniqueIndex &index : indexes) {
        merge.table.has_key = merge.table.has_key || keeps_unique(index, key);
        if (index.name == new_key && index.whole)
            merge.table.new_key = index.columns;
        if (!index.primary)
            continue;
        merge.table.primary_key = index.columns;
        merge.table.key_name = index.constraint;
    }
}

void read_checks(const std::unordered_map<std::string, change::ActualRelation *> &tables, const std::string &oids)
{
    pg::Rows const rows =
        pg::query_kept({"inspect_checks",
                        "SELECT c.conrelid::text, substring(c.conname FROM '^ds_surf_not_null_(\\d{1,9})$'),"
                        " c.convalidated FROM unnest($1::oid[]) w(oid) JOIN pg_constraint c ON c.conrelid = w.oid"
                        " WHERE c.contype = 'c' AND c.conname ~ '^ds_surf_not_null_\\d{1,9}$'",
                        {oids}});
    for (std::size_t row = 0; row < rows.size(); ++row)
        tables.at(rows.text(row, 0))->checks[rows.integer(row, 1)] = rows.boolean(row, 2);
}

} // namespace

void inspect_keys(const std::vector<MergeTable> &tables)
{
    std::vector<std::string> oids;
    std::unordered_map<std::string, change::ActualRelation *> by_oid;
    for (const MergeTable &merge : tables) {
        oids.push_back(merge.oid);
        by_oid.emplace(merge.oid, &merge.table);
    }
    if (oids.empty())
        return;
    std::string const wanted = sqltext::array_literal(oids);
    IndexesByTable const indexes = read_indexes(wanted);
    for (const MergeTable &merge : tables) {
        auto const found = indexes.find(merge.oid);
        fill(merge, found == indexes.end() ? std::vector<UniqueIndex>() : found->second);
    }
    read_checks(by_oid, wanted);
}

} // namespace datasurface::reconcile
