#include "batch/run.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/run_id.hpp"
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

void check_budget(const std::optional<double> &budget)
{
    if (budget && *budget < 0)
        throw Error(sqlstate::invalid_parameter_value, "the budget must not be negative",
                    "It is the time after which no further step is begun.",
                    "Zero takes one step in each call; without a budget one call does all.");
}

// May what an earlier call staged be published? Pushed rows are whose they are. Those of a pull only by the run that staged
// them, and only if their merge has not failed: any other run, and a call without a run id, gets the source's rows of now.
bool may_publish(const catalog::Batch &batch, bool pushed, const std::optional<std::string> &run_id)
{
    if (batch.resume_state != BatchState::ingested)
        return false;
    return pushed || (run_id && batch.staged_by == run_id);
}

// Are the staged rows no longer those that were pulled, or no longer what the model wants?
bool is_outdated(const Error &failure)
{
    return failure.sqlstate == sqlstate::staging_changed || failure.sqlstate == sqlstate::definition_changed;
}

// Outside of the savepoint of the pull: should that fail, the batch has failed as one that was started.
catalog::Batch begin_anew(const catalog::Batch &batch)
{
    if (batch.resume_state == BatchState::started)
        return batch;
    catalog::set_batch_state(batch, BatchState::started);
    return *catalog::find_batch(batch.stream_id, batch.id);
}

Ran fail(const catalog::Batch &batch, bool pushed, const Progress &progress, const Error &failure)
{
    record_failure(batch, pushed, progress.step, failure);
    return {Outcome::failed, batch.id};
}

// The outcome of a merge; none: what is staged is outdated, and can be pulled again.
std::optional<Ran> publish(const Work &work, const catalog::Batch &batch, bool pushed, bool can_pull_again)
{
    Progress progress;
    std::optional<Error> const failure = pg::savepoint([&] { (void)merge(work, batch, progress); });
    if (!failure)
        return Ran{Outcome::done, batch.id};
    if (can_pull_again && is_outdated(*failure))
        return std::nullopt;
    return fail(batch, pushed, progress, *failure);
}

} // namespace

std::string_view word(Outcome outcome)
{
    constexpr std::string_view words[] = {"DONE", "KEEP_WORKING", "HELD", "FAILED"};
    return words[static_cast<std::size_t>(outcome)];
}

Ran run(const std::string &stream, const std::optional<std::string> &run_id, std::optional<double> budget)
{
    check_run_id(run_id);
    check_budget(budget);
    Stopwatch const watch;
    Work const work = begin_work(stream);
    bool const pushed = is_pushed(work);
    catalog::Batch batch = batch_to_run(work, pushed, run_id);
    if (!catalog::is_open(batch.state) || batch.state == BatchState::held)
        return {outcome_of(batch), batch.id};
    if (pushed)
        require_sealed(work, batch);
    // Only a run that has a name can come back to what it staged. Rows that were lost once are merged by the call that pulls
    // them again, so they cannot be lost between the two without end.
    bool may_stop = run_id && budget;
    if (may_publish(batch, pushed, run_id)) {
        if (std::optional<Ran> const ran = publish(work, batch, pushed, !pushed))
            return *ran;
        may_stop = false;
    }
    batch = begin_anew(batch);
    Progress progress;
    if (std::optional<Error> const failure = pg::savepoint([&] {
            (void)ingest(work, batch, {std::nullopt, run_id}, progress);
        }))
        return fail(batch, pushed, progress, *failure);
    if (may_stop && watch.seconds() >= *budget)
        return {Outcome::keep_working, batch.id};
    return *publish(work, *catalog::find_batch(batch.stream_id, batch.id), pushed, false);
}

} // namespace datasurface::batch
