#include "catalog/batch.hpp"

#include "base/sqlstate.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

constexpr char columns[] =
    "SELECT stream_id, batch_id, b.state, coalesce(b.resume_state, b.state) IN ('ingested', 'held'), b.changed, b.error_step, b.error_sqlstate,"
    " b.error_message, b.error_detail, b.error_hint, b.started_at, b.ingested_at, b.finished_at, b.staged_by, b.held_at,"
    " b.source_system, b.source_timeline, b.source_lsn, b.received_bytes FROM ";

batch::State state_of(const std::string &text)
{
    if (std::optional<batch::State> const state = batch::state_of(text))
        return *state;
    throw Error(sqlstate::internal_error, "a batch has the unknown state \"" + text + "\"");
}

std::optional<std::string> text_or_none(const pg::Rows &rows, std::size_t column)
{
    return rows.is_null(0, column) ? std::nullopt : std::optional(rows.text(0, column));
}

sqltext::Value value_of(const std::optional<std::string> &text)
{
    return text ? sqltext::Value(*text) : sqltext::Value();
}

std::string resume_state(const Batch &batch)
{
    return std::string(batch::word(batch.ingested ? batch::State::ingested : batch::State::started));
}

std::optional<Batch> select(const std::string &source, std::vector<sqltext::Value> arguments)
{
    pg::Rows const rows = pg::query_kept({"batch", columns + source, std::move(arguments)});
    if (rows.empty())
        return std::nullopt;
    Batch batch;
    batch.stream_id = rows.integer(0, 0);
    batch.id = rows.integer(0, 1);
    batch.is_recorded = !rows.is_null(0, 2);
    if (!batch.is_recorded) {
        batch.state = batch::State::committed;
        return batch;
    }
    batch.state = state_of(rows.text(0, 2));
    batch.ingested = rows.boolean(0, 3);
    if (!rows.is_null(0, 4))
        batch.changed = rows.boolean(0, 4);
    batch.error_step = rows.text(0, 5);
    if (!rows.is_null(0, 6))
        batch.error = Error(rows.text(0, 6), rows.text(0, 7), rows.text(0, 8), rows.text(0, 9));
    batch.started_at = rows.text(0, 10);
    batch.ingested_at = text_or_none(rows, 11);
    batch.finished_at = text_or_none(rows, 12);
    batch.staged_by = text_or_none(rows, 13);
    batch.held_at = text_or_none(rows, 14);
    if (!rows.is_null(0, 15))
        batch.received = Received{{rows.text(0, 15), rows.integer(0, 16), rows.text(0, 17)}, rows.bigint(0, 18)};
    return batch;
}

} // namespace

std::optional<Batch> open_batch(int stream_id)
{
    return select("datasurface.batch b WHERE stream_id = $1 AND b.state NOT IN ('committed', 'discarded')",
                  {stream_id});
}

std::optional<Batch> newest_batch(int stream_id)
{
    return select("datasurface.batch b WHERE stream_id = $1 ORDER BY batch_id DESC LIMIT 1", {stream_id});
}

std::optional<Batch> find_batch(int stream_id, int batch_id)
{
    return select("datasurface.batch b WHERE stream_id = $1 AND batch_id = $2", {stream_id, batch_id});
}

std::optional<Batch> batch_of_run(int stream_id, const std::string &run_id)
{
    return select("datasurface.batch_run r LEFT JOIN datasurface.batch b USING (stream_id, batch_id)"
                  " WHERE stream_id = $1 AND r.run_id = $2",
                  {stream_id, run_id});
}

bool has_runs(int stream_id, int batch_id)
{
    return !pg::query_kept({"has_runs",
                            "SELECT 1 FROM datasurface.batch_run WHERE stream_id = $1 AND batch_id = $2 LIMIT 1",
                            {stream_id, batch_id}})
                .empty();
}

std::vector<std::string> runs_of_batch(const Batch &batch)
{
    pg::Rows const rows = pg::query_kept({"runs_of_batch",
                                          "SELECT run_id FROM datasurface.batch_run"
                                          " WHERE stream_id = $1 AND batch_id = $2 ORDER BY recorded_at, run_id",
                                          {batch.stream_id, batch.id}});
    std::vector<std::string> runs;
    for (std::size_t row = 0; row < rows.size(); ++row)
        runs.push_back(rows.text(row, 0));
    return runs;
}

std::optional<int> batch_of_last_check(int stream_id)
{
    pg::Rows const rows =
        pg::query_kept({"batch_of_last_check",
                        "SELECT b.batch_id FROM datasurface.batch b JOIN datasurface.stream t USING (stream_id)"
                        " WHERE b.stream_id = $1 AND b.state = 'committed' AND b.finished_at = t.checked_at",
                        {stream_id}});
    return rows.empty() ? std::nullopt : std::optional(rows.integer(0, 0));
}

BatchAt batch_at(int stream_id, const std::string &time)
{
    // one statement, because all must be read by one snapshot
    pg::Rows const rows = pg::query_kept(
        {"batch_at",
         "SELECT x.checked_at, x.checked_at >= $2::timestamptz, x.batch_ids[1],"
         " x.whole AND (x.dataset_ids)[1] IS NOT NULL"
         " FROM (SELECT w.dataset_id IS NULL AS whole,"
         "  max(t.checked_at) FILTER (WHERE w.dataset_id IS NOT NULL OR t.dataset_id IS NULL) AS checked_at,"
         "  array_agg(b.batch_id ORDER BY b.finished_at DESC) FILTER (WHERE b.batch_id IS NOT NULL) AS batch_ids,"
         "  array_agg(t.dataset_id ORDER BY b.finished_at DESC) FILTER (WHERE b.batch_id IS NOT NULL) AS dataset_ids"
         "  FROM datasurface.stream w JOIN datasurface.stream t ON t.store_id = w.store_id"
         "   AND (t.stream_id = w.stream_id OR (t.dataset_id IS NULL) <> (w.dataset_id IS NULL))"
         "  LEFT JOIN LATERAL (SELECT b.batch_id, b.finished_at FROM datasurface.batch b WHERE b.stream_id = t.stream_id"
         "   AND b.changed AND b.finished_at <= $2::timestamptz ORDER BY b.finished_at DESC LIMIT 1) b ON true"
         "  WHERE w.stream_id = $1 GROUP BY w.dataset_id) x",
         {stream_id, time}});
    BatchAt at;
    at.checked_at = text_or_none(rows, 0);
    at.is_final = at.checked_at && rows.boolean(0, 1);
    if (!rows.is_null(0, 2))
        at.batch = rows.integer(0, 2);
    at.of_one_dataset = at.batch && rows.boolean(0, 3);
    return at;
}

void save_batch(const Batch &batch)
{
    sqltext::Value changed, timeline, bytes;
    if (batch.changed)
        changed = *batch.changed;
    if (batch.received) {
        timeline = batch.received->snapshot.timeline;
        bytes = batch.received->bytes;
    }
    remote::Identity const source = batch.received ? batch.received->snapshot : remote::Identity();
    pg::execute_kept(
        {"save_batch",
         "INSERT INTO datasurface.batch (stream_id, batch_id, state, resume_state, staged_by, started_at, ingested_at,"
         " finished_at, changed, error_step, error_sqlstate, error_message, error_detail, error_hint, held_at,"
         " source_system, source_timeline, source_lsn, received_bytes)"
         " VALUES ($1, $2, $3, $4, $5, $6::timestamptz, $7::timestamptz, $8::timestamptz, $9::boolean, $10, $11,"
         " $12, $13, $14, $15::timestamptz, $16, $17::integer, $18::pg_lsn, $19::bigint)"
         " ON CONFLICT (stream_id, batch_id) DO UPDATE SET state = EXCLUDED.state, resume_state = EXCLUDED.resume_state,"
         " staged_by = EXCLUDED.staged_by, started_at = EXCLUDED.started_at, ingested_at = EXCLUDED.ingested_at,"
         " finished_at = EXCLUDED.finished_at, changed = EXCLUDED.changed, error_step = EXCLUDED.error_step,"
         " error_sqlstate = EXCLUDED.error_sqlstate, error_message = EXCLUDED.error_message,"
         " error_detail = EXCLUDED.error_detail, error_hint = EXCLUDED.error_hint, held_at = EXCLUDED.held_at,"
         " source_system = EXCLUDED.source_system, source_timeline = EXCLUDED.source_timeline,"
         " source_lsn = EXCLUDED.source_lsn, received_bytes = EXCLUDED.received_bytes",
         {batch.stream_id, batch.id, std::string(batch::word(batch.state)),
          value_of(batch.state == batch::State::failed ? std::optional(resume_state(batch)) : std::nullopt),
          value_of(batch.staged_by), batch.started_at, value_of(batch.ingested_at), value_of(batch.finished_at),
          changed, value_of(batch.error ? std::optional(batch.error_step) : std::nullopt),
          value_of(batch.error ? std::optional(batch.error->sqlstate) : std::nullopt),
          value_of(batch.error ? std::optional(batch.error->message) : std::nullopt),
          batch.error ? sqltext::or_null(batch.error->detail) : sqltext::Value(),
          batch.error ? sqltext::or_null(batch.error->hint) : sqltext::Value(), value_of(batch.held_at),
          sqltext::or_null(source.system_identifier), timeline, sqltext::or_null(source.lsn), bytes}});
}

void announce(const std::string &stream, const Batch &batch)
{
    pg::execute_kept(
        {"announce",
         "SELECT pg_notify('datasurface', json_build_object('stream', $1, 'batch', $2, 'state', $3)::text)",
         {stream, batch.id, std::string(batch::word(batch.state))}});
}

void record_run(const Batch &batch, const std::string &run_id)
{
    pg::execute_kept({"record_run",
                      "INSERT INTO datasurface.batch_run (stream_id, run_id, batch_id) VALUES ($1, $2, $3)"
                      " ON CONFLICT (stream_id, run_id) DO UPDATE SET batch_id = EXCLUDED.batch_id",
                      {batch.stream_id, run_id, batch.id}});
}

std::vector<OldBatch> old_idle_batches(int stream_id, int seconds, int limit)
{
    pg::Rows const rows =
        pg::query_kept({"old_idle_batches",
                        "SELECT batch_id, state = 'discarded' FROM datasurface.batch"
                        " WHERE stream_id = $1 AND (NOT changed OR state = 'discarded')"
                        " AND finished_at < now() - $2 * interval '1 second' ORDER BY finished_at LIMIT $3",
                        {stream_id, seconds, limit}});
    std::vector<OldBatch> batches;
    for (std::size_t row = 0; row < rows.size(); ++row)
        batches.push_back({rows.integer(row, 0), rows.boolean(row, 1)});
    return batches;
}

// One by one, by primary key: the plan for a list of numbers may read all batches of the stream.
void forget_batch(int stream_id, const OldBatch &batch)
{
    std::vector<const char *> tables = {"batch_finding", "batch_decision", "batch_dataset", "batch"};
    if (batch.is_discarded)
        tables.push_back("batch_run");
    for (const char *const table : tables)
        pg::execute_kept({"forget_batch",
                          std::string("DELETE FROM datasurface.") + table + " WHERE stream_id = $1 AND batch_id = $2",
                          {stream_id, batch.id}});
}

std::vector<Run> old_runs(int stream_id, int seconds, int limit)
{
    pg::Rows const rows =
        pg::query_kept({"old_runs",
                        "SELECT run_id, batch_id FROM datasurface.batch_run WHERE stream_id = $1"
                        " AND recorded_at < now() - $2 * interval '1 second' ORDER BY recorded_at LIMIT $3",
                        {stream_id, seconds, limit}});
    std::vector<Run> runs;
    for (std::size_t row = 0; row < rows.size(); ++row)
        runs.push_back({rows.text(row, 0), rows.integer(row, 1)});
    return runs;
}

void forget_run(int stream_id, const std::string &run_id)
{
    pg::execute_kept(
        {"forget_run", "DELETE FROM datasurface.batch_run WHERE stream_id = $1 AND run_id = $2", {stream_id, run_id}});
}

} // namespace datasurface::catalog
