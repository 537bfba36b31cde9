#include "catalog/dataset.hpp"

#include "model/write.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

enum class Definition { with, without };

std::vector<Dataset> select(const std::string &condition, std::vector<sqltext::Value> arguments,
                            Definition definition = Definition::with)
{
    std::string const columns =
        std::string("SELECT dataset_id, store_id, name, ") + (definition == Definition::with ? "definition" : "NULL") +
        ", definition_digest, tables_digest, reconciled_digest, in_model, rules_digest, history_from"
        " FROM datasurface.dataset ";
    pg::Rows const rows = pg::query_kept({"datasets", columns + condition, std::move(arguments)});
    std::vector<Dataset> all;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Dataset dataset{rows.integer(row, 0), rows.integer(row, 1), rows.text(row, 2),
                        rows.text(row, 3),    rows.text(row, 4),    rows.text(row, 5),
                        std::nullopt,         rows.boolean(row, 7), rows.text(row, 8)};
        if (!rows.is_null(row, 6))
            dataset.reconciled_digest = rows.text(row, 6);
        dataset.history_from = rows.integer(row, 9);
        all.push_back(std::move(dataset));
    }
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

bool lock_dataset(int dataset_id)
{
    return !pg::query_kept({"lock_dataset",
                            "SELECT 1 FROM datasurface.dataset WHERE dataset_id = $1 FOR NO KEY UPDATE SKIP LOCKED",
                            {dataset_id}})
                .empty();
}

int save_dataset(int store_id, const model::Dataset &dataset, const std::string &digest,
                 const std::string &tables_digest, const std::string &rules_digest)
{
    pg::Rows const rows = pg::query_kept(
        {"save_dataset",
         "INSERT INTO datasurface.dataset (store_id, name, definition, definition_digest, tables_digest, in_model, rules_digest)"
         " VALUES ($1, $2, $3::jsonb, $4, $5, true, $6)"
         " ON CONFLICT (store_id, name) DO UPDATE SET definition = EXCLUDED.definition,"
         " definition_digest = EXCLUDED.definition_digest, tables_digest = EXCLUDED.tables_digest, in_model = true,"
         " rules_digest = EXCLUDED.rules_digest"
         " RETURNING dataset_id",
         {store_id, dataset.name, model::to_json(dataset), digest, tables_digest, rules_digest}});
    return rows.integer(0, 0);
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
    pg::execute_kept({"set_reconciled",
                      "UPDATE datasurface.dataset SET reconciled_digest = $2, history_from = $3"
                      " WHERE dataset_id = $1 AND (reconciled_digest, history_from) IS DISTINCT FROM ($2, $3)",
                      {dataset_id, digest, made.history_from}});
}

} // namespace datasurface::catalog
