#include "catalog/batch.hpp"

#include <array>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

constexpr std::array<std::string_view, 6> words = {"started", "ingested", "held", "failed", "committed", "discarded"};

constexpr std::size_t longest_text = 8192; // bytes of a message, detail or hint of an error that is kept

// Of a batch that was forgotten only the numbers are left: it is committed.
constexpr char columns[] =
    "SELECT stream_id, batch_id, coalesce(b.state, 'committed'), coalesce(b.resume_state, b.state, 'committed'),"
    " b.error_step, b.error_sqlstate, b.error_message, b.error_detail, b.error_hint, b.started_at, b.staged_by FROM ";

BatchState state_of(const std::string &text)
{
    for (std::size_t i = 0; i < words.size(); ++i)
        if (text == words[i])
            return static_cast<BatchState>(i);
    throw Error(sqlstate::internal_error, "a batch has the unknown state \"" + text + "\"");
}

std::optional<Batch> select(const std::string &source, std::vector<sqltext::Value> arguments)
{
    pg::Rows const rows = pg::query_kept({"batch", columns + source, std::move(arguments)});
    if (rows.empty())
        return std::nullopt;
    Batch batch{rows.integer(0, 0), rows.integer(0, 1), state_of(rows.text(0, 2)), state_of(rows.text(0, 3)),
                std::nullopt,       rows.text(0, 4),    rows.text(0, 9),           std::nullopt};
    if (!rows.is_null(0, 5))
        batch.error = Error(rows.text(0, 5), rows.text(0, 6), rows.text(0, 7), rows.text(0, 8));
    if (!rows.is_null(0, 10))
        batch.staged_by = rows.text(0, 10);
    return batch;
}

// The lock of the stream keeps other transactions out, but not this one: a query or trigger that calls ds_run on the
// stream it runs for must not have its batch merged twice. Nor must a reset within a step go unnoticed, which leaves the
// state as it was or comes back to it, but not the rows: it begins the batch anew, at a later time.
void write_state(const Batch &batch, const sqltext::Statement &statement)
{
    if (pg::execute_kept(statement) == 1)
        return;
    throw Error(sqlstate::wrong_batch_state,
                "batch " + std::to_string(batch.id) + " has changed while this call worked on it",
                "Something that ran within this call has worked on the same batch.",
                "A query, trigger or function of the model must not call datasurface for the stream that it runs for.");
}

} // namespace

std::string_view word(BatchState state)
{
    return words[static_cast<std::size_t>(state)];
}

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
    if (std::optional<Batch> const kept =
            select("datasurface.batch b WHERE stream_id = $1 AND batch_id = $2", {stream_id, batch_id}))
        return kept;
    return select("datasurface.batch_run LEFT JOIN datasurface.batch b USING (stream_id, batch_id)"
                  " WHERE stream_id = $1 AND batch_id = $2 LIMIT 1",
                  {stream_id, batch_id});
}

std::optional<Batch> batch_of_run(int stream_id, const std::string &run_id)
{
    return select("datasurface.batch_run r LEFT JOIN datasurface.batch b USING (stream_id, batch_id)"
                  " WHERE stream_id = $1 AND r.run_id = $2",
                  {stream_id, run_id});
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

BatchAt batch_at(int stream_id, const std::string &time)
{
    // one statement, for both must be of one snapshot
    pg::Rows const rows =
        pg::query_kept({"batch_at",
                        "SELECT t.checked_at, t.checked_at >= $2::timestamptz,"
                        " (SELECT b.batch_id FROM datasurface.batch b WHERE b.stream_id = t.stream_id AND b.changed"
                        "  AND b.finished_at <= $2::timestamptz ORDER BY b.finished_at DESC LIMIT 1)"
                        " FROM datasurface.stream t WHERE t.stream_id = $1",
                        {stream_id, time}});
    BatchAt at;
    if (!rows.is_null(0, 0))
        at.checked_at = rows.text(0, 0);
    at.is_final = rows.boolean(0, 1);
    if (!rows.is_null(0, 2))
        at.batch = rows.integer(0, 2);
    return at;
}

Batch insert_batch(int stream_id, int batch_id)
{
    pg::Rows const rows = pg::query_kept({"insert_batch",
                                          "INSERT INTO datasurface.batch (stream_id, batch_id, state, started_at)"
                                          " VALUES ($1, $2, 'started', clock_timestamp()) RETURNING started_at",
                                          {stream_id, batch_id}});
    Batch batch;
    batch.stream_id = stream_id;
    batch.id = batch_id;
    batch.started_at = rows.text(0, 0);
    return batch;
}

void set_batch_state(const Batch &batch, BatchState state, const std::optional<std::string> &staged_by)
{
    write_state(
        batch,
        {"set_batch_state",
         "UPDATE datasurface.batch SET state = $4, resume_state = NULL, staged_by = $6,"
         " started_at = CASE $4 WHEN 'started' THEN clock_timestamp() ELSE started_at END,"
         " ingested_at = CASE $4 WHEN 'started' THEN NULL WHEN 'ingested' THEN clock_timestamp()"
         "   ELSE ingested_at END,"
         " finished_at = CASE $4 WHEN 'discarded' THEN clock_timestamp() END,"
         " error_step = NULL, error_sqlstate = NULL, error_message = NULL, error_detail = NULL, error_hint = NULL"
         " WHERE stream_id = $1 AND batch_id = $2 AND state = $3 AND started_at = $5::timestamptz",
         {batch.stream_id, batch.id, std::string(word(batch.state)), std::string(word(state)), batch.started_at,
          staged_by ? sqltext::Value(*staged_by) : sqltext::Value()}});
}

void commit_batch(const Batch &batch, bool changed)
{
    write_state(
        batch,
        {"commit_batch",
         "WITH stamp AS (UPDATE datasurface.stream"
         " SET checked_at = greatest(clock_timestamp(), checked_at + interval '1 microsecond')"
         " WHERE stream_id = $1 RETURNING checked_at)"
         " UPDATE datasurface.batch b SET state = 'committed', resume_state = NULL, staged_by = NULL, changed = $5,"
         " finished_at = stamp.checked_at,"
         " error_step = NULL, error_sqlstate = NULL, error_message = NULL, error_detail = NULL, error_hint = NULL"
         " FROM stamp"
         " WHERE b.stream_id = $1 AND b.batch_id = $2 AND b.state = $3 AND b.started_at = $4::timestamptz",
         {batch.stream_id, batch.id, std::string(word(batch.state)), batch.started_at, changed}});
}

void fail_batch(const Batch &batch, BatchState resume, const std::string &step, const Error &error)
{
    write_state(
        batch,
        {"fail_batch",
         "UPDATE datasurface.batch SET state = 'failed', resume_state = $4, staged_by = NULL,"
         " finished_at = clock_timestamp(), error_step = $5, error_sqlstate = $6, error_message = $7, error_detail = $8, error_hint = $9"
         " WHERE stream_id = $1 AND batch_id = $2 AND state = $3 AND started_at = $10::timestamptz",
         {batch.stream_id, batch.id, std::string(word(batch.state)), std::string(word(resume)), step, error.sqlstate,
          cut(error.message, longest_text), sqltext::or_null(cut(error.detail, longest_text)),
          sqltext::or_null(cut(error.hint, longest_text)), batch.started_at}});
}

void record_run(const Batch &batch, const std::string &run_id)
{
    pg::execute_kept({"record_run",
                      "INSERT INTO datasurface.batch_run (stream_id, run_id, batch_id) VALUES ($1, $2, $3)",
                      {batch.stream_id, run_id, batch.id}});
}

// Two: one commit adds one batch, so what has piled up becomes less; and the work is no more than twice a batch's own. The open
// batch is not committed yet, so it is none of them. What is found is deleted one by one, by primary key: a plan for a list
// of numbers may be one that reads all batches of the stream.
void forget_unchanged_batches(const Batch &open, int seconds)
{
    pg::Rows const old =
        pg::query_kept({"old_unchanged_batches",
                        "SELECT batch_id FROM datasurface.batch WHERE stream_id = $1 AND NOT changed"
                        " AND finished_at < now() - $2 * interval '1 second' ORDER BY finished_at LIMIT 2",
                        {open.stream_id, seconds}});
    for (std::size_t row = 0; row < old.size(); ++row)
        for (const char *const table : {"batch_dataset", "batch"})
            pg::execute_kept(
                {"forget_batch",
                 std::string("DELETE FROM datasurface.") + table + " WHERE stream_id = $1 AND batch_id = $2",
                 {open.stream_id, old.integer(row, 0)}});
}

void forget_runs(const Batch &open, int seconds)
{
    pg::Rows const old =
        pg::query_kept({"old_runs",
                        "SELECT run_id FROM datasurface.batch_run WHERE stream_id = $1"
                        " AND recorded_at < now() - $2 * interval '1 second' ORDER BY recorded_at LIMIT 10",
                        {open.stream_id, seconds}});
    for (std::size_t row = 0; row < old.size(); ++row)
        pg::execute_kept({"forget_run",
                          "DELETE FROM datasurface.batch_run"
                          " WHERE stream_id = $1 AND run_id = $2 AND batch_id <> $3",
                          {open.stream_id, old.text(row, 0), open.id}});
}

} // namespace datasurface::catalog
