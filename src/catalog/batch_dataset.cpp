#include "catalog/batch_dataset.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

// of an interval
std::int64_t microseconds(double seconds)
{
    return static_cast<std::int64_t>(seconds * 1e6);
}

} // namespace

std::vector<BatchDataset> batch_datasets(const Batch &batch)
{
    pg::Rows const rows = pg::query_kept({"batch_datasets",
                                          "SELECT dataset_id, definition_digest, staged, last_arrival"
                                          " FROM datasurface.batch_dataset WHERE stream_id = $1 AND batch_id = $2",
                                          {batch.stream_id, batch.id}});
    std::vector<BatchDataset> all;
    for (std::size_t row = 0; row < rows.size(); ++row)
        all.push_back({rows.integer(row, 0), rows.text(row, 1), {rows.bigint(row, 2), rows.bigint(row, 3)}});
    return all;
}

void save_batch_datasets(const Batch &batch, const std::vector<BatchDataset> &datasets)
{
    pg::execute_kept({"forget_batch_datasets",
                      "DELETE FROM datasurface.batch_dataset WHERE stream_id = $1 AND batch_id = $2",
                      {batch.stream_id, batch.id}});
    for (const BatchDataset &dataset : datasets)
        pg::execute_kept({"save_batch_dataset",
                          "INSERT INTO datasurface.batch_dataset (stream_id, batch_id, dataset_id, definition_digest)"
                          " VALUES ($1, $2, $3, $4)",
                          {batch.stream_id, batch.id, dataset.dataset_id, dataset.definition_digest}});
}

void record_staged(const Batch &batch, int dataset_id, const merge::Staged &staged, double seconds)
{
    pg::execute_kept(
        {"record_staged",
         "UPDATE datasurface.batch_dataset SET staged = $4, last_arrival = $5,"
         " ingest_time = $6 * interval '1 microsecond'"
         " WHERE stream_id = $1 AND batch_id = $2 AND dataset_id = $3",
         {batch.stream_id, batch.id, dataset_id, staged.rows, staged.last_arrival, microseconds(seconds)}});
}

void record_result(const Batch &batch, int dataset_id, const merge::Result &result, double seconds)
{
    pg::execute_kept({"record_result",
                      "UPDATE datasurface.batch_dataset SET inserted = $4, updated = $5, deleted = $6, unchanged = $7,"
                      " surplus = $8, merge_time = $9 * interval '1 microsecond', engine = $10,"
                      " engine_reason = nullif($11, ''), workers = $12"
                      " WHERE stream_id = $1 AND batch_id = $2 AND dataset_id = $3",
                      {batch.stream_id, batch.id, dataset_id, result.inserted, result.updated, result.deleted,
                       result.unchanged, result.surplus, microseconds(seconds), std::string(merge::word(result.engine)),
                       result.reason, result.workers}});
}

} // namespace datasurface::catalog
