#include "batch/run.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "model/parse.hpp"
#include "pg/savepoint.hpp"

namespace datasurface::batch {

namespace {

using catalog::BatchState;

Outcome outcome_of(const catalog::Batch &batch)
{
    switch (batch.state) {
    case BatchState::committed:
        return Outcome::done;
    case BatchState::held:
        return Outcome::held;
    case BatchState::failed:
    case BatchState::discarded: // it never will be
        return Outcome::failed;
    default:
        return Outcome::keep_working;
    }
}

bool is_pushed(const Work &work)
{
    for (const catalog::Dataset &row : catalog::datasets_of_stream(work.store.id, work.stream.dataset_id))
        return model::dataset_from_json(row.definition).ingestion == model::Ingestion::push;
    return false;
}

[[noreturn]] void refuse_unsealed(const Work &work, const std::optional<catalog::Batch> &open)
{
    std::string const detail =
        open ? "Batch " + std::to_string(open->id) + " is open, but its rows are not sealed." : "It has no open batch.";
    throw Error(
        sqlstate::not_sealed, "stream \"" + work.stream.name + "\" has no sealed batch to run", detail,
        "Start a batch with ds_start_batch, fill the staging tables, and seal it with ds_ingest. Nothing was changed.");
}

// The batch that a run works on: the one its run id belongs to, the open one, or a new one.
catalog::Batch batch_to_run(const Work &work, const std::optional<std::string> &run_id)
{
    if (run_id)
        if (std::optional<catalog::Batch> const known = catalog::batch_of_run(work.stream.id, *run_id))
            return *known;
    std::optional<catalog::Batch> const open = catalog::open_batch(work.stream.id);
    if (!open && is_pushed(work))
        refuse_unsealed(work, open);
    if (!open)
        return open_batch(work, run_id);
    if (run_id)
        catalog::record_run(*open, *run_id);
    return *open;
}

// A crash may come again, but rows that never stay as they were counted have another cause.
constexpr int most_pulls = 3;

// Records the failure of a step. Rows that a crash has emptied out of an unlogged staging table are pulled again; but not
// those that this very call has staged.
Ran take_failure(const Work &work, const catalog::Batch &batch, const Progress &progress, const Error &failure,
                 bool staged_here)
{
    bool const lost = failure.sqlstate == sqlstate::staging_changed && !staged_here && !is_pushed(work);
    if (lost && batch.pulled_again < most_pulls) {
        catalog::save_batch_datasets(batch, catalog::batch_datasets(batch)); // nothing is staged
        catalog::pull_again(batch);
        return {Outcome::keep_working, batch.id};
    }
    catalog::fail_batch(batch, progress.step, failure);
    return {Outcome::failed, batch.id};
}

} // namespace

std::string_view word(Outcome outcome)
{
    constexpr std::string_view words[] = {"DONE", "KEEP_WORKING", "HELD", "FAILED"};
    return words[static_cast<std::size_t>(outcome)];
}

Ran run(const std::string &stream, const std::optional<std::string> &run_id, std::optional<double> budget)
{
    Stopwatch const watch;
    Work const work = begin_work(stream);
    catalog::Batch batch = batch_to_run(work, run_id);
    Progress progress;
    if (!catalog::is_open(batch.state) || batch.state == BatchState::held)
        return {outcome_of(batch), batch.id};
    bool const stage = batch.resume_state == BatchState::started;
    if (stage) {
        if (is_pushed(work))
            refuse_unsealed(work, batch);
        if (std::optional<Error> const failure =
                pg::savepoint([&] { (void)ingest(work, batch, std::nullopt, progress); }))
            return take_failure(work, batch, progress, *failure, stage);
        if (budget && watch.seconds() >= *budget)
            return {Outcome::keep_working, batch.id};
        batch = *catalog::find_batch(batch.stream_id, batch.id);
    }
    if (std::optional<Error> const failure = pg::savepoint([&] { (void)merge(work, batch, progress); }))
        return take_failure(work, batch, progress, *failure, stage);
    return {Outcome::done, batch.id};
}

} // namespace datasurface::batch
