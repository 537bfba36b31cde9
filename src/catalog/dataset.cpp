#include "catalog/dataset.hpp"

#include <unordered_map>

#include "catalog/part.hpp"
#include "model/write.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

enum class Definition { with, without };

void read_made_columns(std::vector<Dataset> &datasets, const std::string &condition,
                       std::vector<sqltext::Value> arguments)
{
    pg::Rows const rows = pg::query_kept(
        {"made_columns",
         "SELECT dataset_id, key, value FROM datasurface.dataset, jsonb_each_text(made_columns) " + condition,
         std::move(arguments)});
    std::unordered_map<int, Dataset *> by_id;
    for (Dataset &dataset : datasets)
        by_id.emplace(dataset.id, &dataset);
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (auto const found = by_id.find(rows.integer(row, 0)); found != by_id.end())
            found->second->made_columns.emplace(std::stoi(rows.text(row, 1)), rows.text(row, 2));
}

std::vector<Dataset> select(const std::string &condition, std::vector<sqltext::Value> arguments,
                            Definition definition = Definition::with)
{
    std::string const columns =
        std::string("SELECT dataset_id, store_id, name, ") + (definition == Definition::with ? "definition" : "NULL") +
        ", definition_digest, tables_digest, reconciled_digest, in_model, rules_digest, history_from, last_column_id,"
        " unpublished, published_from FROM datasurface.dataset ";
    pg::Rows const rows = pg::query_kept({"datasets", columns + condition, arguments});
    std::vector<Dataset> all;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Dataset dataset{rows.integer(row, 0), rows.integer(row, 1), rows.text(row, 2),
                        rows.text(row, 3),    rows.text(row, 4),    rows.text(row, 5),
                        std::nullopt,         rows.boolean(row, 7), rows.text(row, 8)};
        if (!rows.is_null(row, 6))
            dataset.reconciled_digest = rows.text(row, 6);
        dataset.history_from = rows.integer(row, 9);
        dataset.last_column_id = rows.integer(row, 10);
        dataset.unpublished = rows.boolean(row, 11);
        dataset.published_from = rows.integer(row, 12);
        all.push_back(std::move(dataset));
    }
    if (definition == Definition::with && !all.empty())
        read_made_columns(all, condition, std::move(arguments));
    return all;
}

} // namespace

constexpr char in_store[] = "WHERE store_id = $1 AND in_model ORDER BY name";

std::vector<Dataset> datasets_of_store(int store_id)
{
    return select(in_store, {store_id});
}

std::vector<Dataset> datasets_of_stream(int store_id, std::optional<int> only)
{
    if (only)
        return select("WHERE dataset_id = $1 AND in_model", {*only}, Definition::without);
    return select(in_store, {store_id}, Definition::without);
}

std::vector<Dataset> datasets_by_id(const std::vector<int> &ids)
{
    std::vector<std::string> texts;
    for (int const id : ids)
        texts.push_back(std::to_string(id));
    return select("WHERE dataset_id IN (SELECT unnest($1::integer[]))", {sqltext::array_literal(texts)});
}

std::vector<Dataset> datasets_of_batch(int stream_id, int batch_id)
{
    return select("WHERE dataset_id IN (SELECT b.dataset_id FROM datasurface.batch_dataset b"
                  " WHERE b.stream_id = $1 AND b.batch_id = $2) ORDER BY name",
                  {stream_id, batch_id});
}

std::optional<Dataset> find_dataset(int store_id, const std::string &name)
{
    std::vector<Dataset> const found = select("WHERE store_id = $1 AND name = $2", {store_id, name});
    if (found.empty())
        return std::nullopt;
    return found.front();
}

bool is_reconciled(int dataset_id)
{
    return !pg::query_kept(
                {"is_reconciled",
                 "SELECT 1 FROM datasurface.dataset WHERE dataset_id = $1 AND reconciled_digest = tables_digest",
                 {dataset_id}})
                .empty();
}

bool lock_dataset(int dataset_id)
{
    return !pg::query_kept({"lock_dataset",
                            "SELECT 1 FROM datasurface.dataset WHERE dataset_id = $1 FOR NO KEY UPDATE SKIP LOCKED",
                            {dataset_id}})
                .empty();
}

void number_columns(int store_id)
{
    pg::execute_kept(
        {"number_columns",
         "UPDATE datasurface.dataset d SET definition = jsonb_set(d.definition, '{columns}', n.columns),"
         " last_column_id = jsonb_array_length(n.columns),"
         " made_columns = CASE WHEN d.reconciled_digest IS NOT NULL THEN n.made END"
         " FROM datasurface.dataset e, LATERAL (SELECT"
         "   jsonb_agg(c || jsonb_build_object('id', id) ORDER BY id) AS columns, jsonb_object_agg(id, c -> 'name') AS made"
         "   FROM jsonb_array_elements(e.definition -> 'columns') WITH ORDINALITY AS x(c, id)) n"
         " WHERE d.dataset_id = e.dataset_id AND e.store_id = $1 AND e.last_column_id = 0",
         {store_id}});
}

std::map<std::string, bool, std::less<>> dataset_names(int store_id)
{
    return names_of(pg::query_kept(
        {"dataset_names", "SELECT name, in_model FROM datasurface.dataset WHERE store_id = $1", {store_id}}));
}

void rename_dataset(int dataset_id, const std::string &name)
{
    pg::execute_kept(
        {"rename_dataset", "UPDATE datasurface.dataset SET name = $2 WHERE dataset_id = $1", {dataset_id, name}});
}

int save_dataset(int store_id, const model::Dataset &dataset, const std::string &digest,
                 const std::string &tables_digest, const std::string &rules_digest, int last_column_id)
{
    pg::Rows const rows = pg::query_kept(
        {"save_dataset",
         "INSERT INTO datasurface.dataset (store_id, name, definition, definition_digest, tables_digest, in_model, rules_digest, last_column_id)"
         " VALUES ($1, $2, $3::jsonb, $4, $5, true, $6, $7)"
         " ON CONFLICT (store_id, name) DO UPDATE SET definition = EXCLUDED.definition,"
         " definition_digest = EXCLUDED.definition_digest, tables_digest = EXCLUDED.tables_digest, in_model = true,"
         " rules_digest = EXCLUDED.rules_digest, last_column_id = EXCLUDED.last_column_id"
         " RETURNING dataset_id",
         {store_id, dataset.name, model::to_json(dataset), digest, tables_digest, rules_digest, last_column_id}});
    return rows.integer(0, 0);
}

void set_definition_digest(int dataset_id, const std::string &digest)
{
    pg::execute_kept({"set_definition_digest",
                      "UPDATE datasurface.dataset SET definition_digest = $2 WHERE dataset_id = $1",
                      {dataset_id, digest}});
}

bool any_unpublished(int store_id, std::optional<int> only)
{
    sqltext::Value one;
    if (only)
        one = *only;
    return pg::query_kept(
               {"any_unpublished",
                "SELECT EXISTS (SELECT FROM datasurface.dataset WHERE store_id = $1 AND unpublished AND in_model"
                " AND dataset_id = coalesce($2::integer, dataset_id))",
                {store_id, one}})
        .boolean(0, 0);
}

void begin_unpublished(int dataset_id)
{
    pg::execute_kept(
        {"begin_unpublished",
         "UPDATE datasurface.dataset d SET unpublished = true WHERE dataset_id = $1 AND NOT unpublished"
         " AND published_from = 0 AND NOT EXISTS (SELECT FROM datasurface.relation r"
         " JOIN pg_namespace n ON n.nspname = r.schema_name"
         " JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = r.name"
         " WHERE r.dataset_id = d.dataset_id AND r.kind IN ('merge', 'history') AND pg_relation_size(c.oid) > 0)",
         {dataset_id}});
}

void set_published(int dataset_id, int batch)
{
    pg::execute_kept({"set_published",
                      "UPDATE datasurface.dataset SET unpublished = false, published_from = $2 WHERE dataset_id = $1",
                      {dataset_id, batch}});
}

void retire_other_datasets(int store_id, const std::vector<std::string> &kept)
{
    // NOT IN (subquery) uses a hash table, whatever the statistics are
    pg::execute_kept({"retire_other_datasets",
                      "UPDATE datasurface.dataset SET in_model = false"
                      " WHERE store_id = $1 AND in_model AND name NOT IN (SELECT unnest($2::text[]))",
                      {store_id, sqltext::array_literal(kept)}});
}

void set_reconciled(int dataset_id, const MadeTables &made)
{
    sqltext::Value digest;
    if (made.digest)
        digest = *made.digest;
    std::vector<std::string> ids, names;
    for (const auto &[id, name] : made.columns) {
        ids.push_back(std::to_string(id));
        names.push_back(name);
    }
    pg::execute_kept(
        {"set_reconciled",
         "UPDATE datasurface.dataset d SET reconciled_digest = $2, history_from = $3, made_columns = n.made"
         " FROM (SELECT jsonb_object_agg(id, name) AS made FROM unnest($4::integer[], $5::text[]) AS x(id, name)) n"
         " WHERE d.dataset_id = $1"
         " AND (d.reconciled_digest, d.history_from, d.made_columns) IS DISTINCT FROM ($2, $3, n.made)",
         {dataset_id, digest, made.history_from, sqltext::array_literal(ids), sqltext::array_literal(names)}});
}

} // namespace datasurface::catalog
