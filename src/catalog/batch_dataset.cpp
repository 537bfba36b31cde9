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
    pg::Rows const rows =
        pg::query_kept({"batch_datasets",
                        "SELECT dataset_id, definition_digest, staged, last_arrival,"
                        " (extract(epoch FROM ingest_time) * 1000000)::bigint, changes_digest, inserted, updated,"
                        " deleted, way_reason, received_bytes, mode, mark, mark_held_by, why_whole"
                        " FROM datasurface.batch_dataset WHERE stream_id = $1 AND batch_id = $2",
                        {batch.stream_id, batch.id}});
    std::vector<BatchDataset> all;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        BatchDataset dataset;
        dataset.dataset_id = rows.integer(row, 0);
        dataset.definition_digest = rows.text(row, 1);
        if (!rows.is_null(row, 2))
            dataset.staged = merge::Staged{rows.bigint(row, 2), rows.bigint(row, 3)};
        dataset.ingest_seconds = static_cast<double>(rows.bigint(row, 4)) / 1e6;
        dataset.way_reason = rows.text(row, 9);
        if (!rows.is_null(row, 10))
            dataset.received_bytes = rows.bigint(row, 10);
        if (rows.text(row, 11) == merge::word(merge::Mode::window))
            dataset.mode = merge::Mode::window;
        if (!rows.is_null(row, 12) || !rows.is_null(row, 14))
            dataset.mark = NewMark{std::nullopt, rows.text(row, 13), rows.text(row, 14)};
        if (!rows.is_null(row, 12))
            dataset.mark->mark = rows.bigint(row, 12);
        if (!rows.is_null(row, 5)) {
            dataset.digest = rows.text(row, 5);
            dataset.result.emplace();
            dataset.result->inserted = rows.bigint(row, 6);
            dataset.result->updated = rows.bigint(row, 7);
            dataset.result->deleted = rows.bigint(row, 8);
        }
        all.push_back(std::move(dataset));
    }
    return all;
}

namespace {

std::vector<sqltext::Value> values_of(const Batch &batch, const BatchDataset &dataset)
{
    std::vector<sqltext::Value> values(25);
    values[0] = batch.stream_id;
    values[1] = batch.id;
    values[2] = dataset.dataset_id;
    values[3] = dataset.definition_digest;
    if (dataset.staged) {
        values[4] = dataset.staged->rows;
        values[5] = dataset.staged->last_arrival;
        if (!dataset.pulled_through)
            values[6] = microseconds(dataset.ingest_seconds);
        values[17] = std::string(dataset.pulled_through ? "straight" : "staged");
        values[18] = sqltext::or_null(dataset.way_reason);
    }
    if (dataset.result) {
        const merge::Result &result = *dataset.result;
        values[7] = result.inserted;
        values[8] = result.updated;
        values[9] = result.deleted;
        values[10] = result.unchanged;
        values[11] = result.surplus;
        values[12] = microseconds(dataset.merge_seconds);
        values[13] = std::string(merge::word(result.engine));
        values[14] = sqltext::or_null(result.reason);
        values[15] = result.workers;
        if (result.looked_up)
            values[24] = *result.looked_up;
    }
    if (dataset.received_bytes)
        values[19] = *dataset.received_bytes;
    values[20] = std::string(merge::word(dataset.mode));
    if (dataset.digest)
        values[16] = *dataset.digest;
    if (dataset.mark) {
        if (dataset.mark->mark)
            values[21] = *dataset.mark->mark;
        values[22] = sqltext::or_null(dataset.mark->held_by);
        values[23] = sqltext::or_null(dataset.mark->why_whole);
    }
    return values;
}

} // namespace

void save_batch_datasets(const Batch &batch, const std::vector<BatchDataset> &datasets)
{
    for (const BatchDataset &dataset : datasets)
        pg::execute_kept(
            {"save_batch_dataset",
             "INSERT INTO datasurface.batch_dataset (stream_id, batch_id, dataset_id, definition_digest, staged,"
             " last_arrival, ingest_time, inserted, updated, deleted, unchanged, surplus, merge_time, engine,"
             " engine_reason, workers, changes_digest, way, way_reason, received_bytes,"
             " mode, mark, mark_held_by, why_whole, looked_up)"
             " VALUES ($1, $2, $3, $4, $5::bigint, $6::bigint, $7::bigint * interval '1 microsecond', $8::bigint,"
             " $9::bigint, $10::bigint, $11::bigint, $12::bigint, $13::bigint * interval '1 microsecond', $14, $15,"
             " $16::integer, $17, $18, $19, $20::bigint, $21,"
             " $22::bigint, $23, $24, $25::boolean)"
             " ON CONFLICT (stream_id, batch_id, dataset_id) DO UPDATE SET"
             " definition_digest = EXCLUDED.definition_digest, staged = EXCLUDED.staged,"
             " last_arrival = EXCLUDED.last_arrival, ingest_time = EXCLUDED.ingest_time,"
             " inserted = EXCLUDED.inserted, updated = EXCLUDED.updated, deleted = EXCLUDED.deleted,"
             " unchanged = EXCLUDED.unchanged, surplus = EXCLUDED.surplus, merge_time = EXCLUDED.merge_time,"
             " engine = EXCLUDED.engine, engine_reason = EXCLUDED.engine_reason, workers = EXCLUDED.workers,"
             " changes_digest = EXCLUDED.changes_digest, way = EXCLUDED.way, way_reason = EXCLUDED.way_reason,"
             " received_bytes = EXCLUDED.received_bytes, mode = EXCLUDED.mode,"
             " mark = EXCLUDED.mark, mark_held_by = EXCLUDED.mark_held_by, why_whole = EXCLUDED.why_whole,"
             " looked_up = EXCLUDED.looked_up",
             values_of(batch, dataset)});
}

void forget_batch_datasets(const Batch &batch)
{
    pg::execute_kept({"forget_batch_datasets",
                      "DELETE FROM datasurface.batch_dataset WHERE stream_id = $1 AND batch_id = $2",
                      {batch.stream_id, batch.id}});
}

} // namespace datasurface::catalog
