// The batch loop's SQL functions.
#include "batch/batch_at.hpp"
#include "batch/calls.hpp"
#include "batch/force_snapshot.hpp"
#include "batch/preview.hpp"
#include "batch/require.hpp"
#include "batch/reset_load.hpp"
#include "batch/run.hpp"
#include "pg/entry.hpp"
#include "pg/session.hpp"

namespace datasurface::api {

DATASURFACE_FUNCTION(ds_start_batch)
{
    std::string const stream = call.text(0, "stream");
    std::optional<std::string> const run_id = call.optional_text(1);
    int batch = 0;
    pg::as_extension_owner([&] { batch = batch::start(stream, run_id); });
    return call.returns(batch);
}

DATASURFACE_FUNCTION(ds_ingest)
{
    std::string const stream = call.text(0, "stream");
    int const batch = call.integer(1, "batch");
    std::optional<std::int64_t> const rows = call.optional_bigint(2);
    std::int64_t staged = 0;
    pg::as_extension_owner([&] { staged = batch::ingest(stream, batch, rows); });
    return call.returns(staged);
}

DATASURFACE_FUNCTION(ds_merge_staging)
{
    std::string const stream = call.text(0, "stream");
    int const batch = call.integer(1, "batch");
    std::vector<pg::Call::Row> rows;
    pg::as_extension_owner([&] {
        for (const batch::Merged &merged : batch::merge_staging(stream, batch))
            rows.push_back({merged.dataset, merged.result.inserted, merged.result.updated, merged.result.deleted,
                            merged.result.unchanged});
    });
    return call.returns_rows(rows);
}

DATASURFACE_FUNCTION(ds_run)
{
    std::string const stream = call.text(0, "stream");
    std::optional<std::string> const run_id = call.optional_text(1);
    std::optional<double> const budget = call.optional_interval_seconds(2);
    batch::Ran ran;
    pg::as_extension_owner([&] { ran = batch::run(stream, run_id, budget); });
    return call.returns(std::string(batch::word(ran.outcome)));
}

DATASURFACE_FUNCTION(ds_require)
{
    std::string const stream = call.text(0, "stream");
    std::optional<std::string> const run_id = call.optional_text(1);
    int batch = 0;
    pg::as_extension_owner([&] { batch = batch::require(stream, run_id); });
    return call.returns(batch);
}

DATASURFACE_FUNCTION(ds_run_to_end)
{
    batch::run_to_end(call.text(0, "stream"), call.optional_text(1), call.is_atomic());
    return call.returns_void();
}

DATASURFACE_FUNCTION(ds_reset_batch)
{
    std::string const stream = call.text(0, "stream");
    int const batch = call.integer(1, "batch");
    std::string const if_committed = call.text(2, "if_committed");
    std::string state;
    pg::as_extension_owner([&] { state = batch::reset(stream, batch, if_committed); });
    return call.returns(state);
}

DATASURFACE_FUNCTION(ds_fail_batch)
{
    std::string const stream = call.text(0, "stream");
    int const batch = call.integer(1, "batch");
    std::string const reason = call.text(2, "reason");
    pg::as_extension_owner([&] { batch::fail(stream, batch, reason); });
    return call.returns_void();
}

namespace {

sqltext::Value value_or_null(const std::optional<std::string> &text)
{
    return text ? sqltext::Value(*text) : sqltext::Value();
}

void add_rows(std::vector<pg::Call::Row> &rows, const batch::DatasetPreview &of, const std::string &change,
              std::int64_t total)
{
    rows.push_back({of.dataset, change, total, {}, {}, {}, {}, {}});
    for (const merge::PreviewedValue &value : of.preview.values)
        if (value.change == change)
            rows.push_back({of.dataset,
                            change,
                            {},
                            value.row,
                            value.key,
                            value.column,
                            value_or_null(value.old_value),
                            value_or_null(value.new_value)});
}

} // namespace

DATASURFACE_FUNCTION(ds_preview_batch)
{
    std::string const stream = call.text(0, "stream");
    int const batch = call.integer(1, "batch");
    int const limit = call.integer(2, "rows");
    std::vector<pg::Call::Row> rows;
    pg::as_extension_owner([&] {
        for (const batch::DatasetPreview &of : batch::preview(stream, batch, limit)) {
            add_rows(rows, of, "inserted", of.preview.inserted);
            add_rows(rows, of, "updated", of.preview.updated);
            add_rows(rows, of, "deleted", of.preview.deleted);
        }
    });
    return call.returns_rows(rows);
}

DATASURFACE_FUNCTION(ds_release_batch)
{
    std::string const stream = call.text(0, "stream");
    int const batch = call.integer(1, "batch");
    std::string const reason = call.text(2, "reason");
    std::string outcome;
    pg::as_extension_owner([&] { outcome = batch::release(stream, batch, reason); });
    return call.returns(outcome);
}

DATASURFACE_FUNCTION(ds_discard_batch)
{
    std::string const stream = call.text(0, "stream");
    int const batch = call.integer(1, "batch");
    std::string const reason = call.text(2, "reason");
    pg::as_extension_owner([&] { batch::discard(stream, batch, reason); });
    return call.returns_void();
}

DATASURFACE_FUNCTION(ds_force_snapshot)
{
    std::string const stream = call.text(0, "stream");
    std::string const dataset = call.text(1, "dataset");
    pg::as_extension_owner([&] { batch::force_snapshot(stream, dataset); });
    return call.returns_void();
}

DATASURFACE_FUNCTION(ds_reset_load)
{
    std::string const stream = call.text(0, "stream");
    std::string const dataset = call.text(1, "dataset");
    pg::as_extension_owner([&] { batch::reset_load(stream, dataset); });
    return call.returns_void();
}

DATASURFACE_FUNCTION(ds_batch_at)
{
    std::string const stream = call.text(0, "stream");
    std::string const time = call.timestamp_text(1, "at");
    std::optional<int> batch;
    pg::as_extension_owner([&] { batch = batch::batch_at(stream, time); });
    return call.returns(batch ? sqltext::Value(*batch) : sqltext::Value());
}

} // namespace datasurface::api
