#include "batch/run.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "batch/first_load.hpp"
#include "batch/refuse.hpp"
#include "batch/require.hpp"
#include "batch/run_id.hpp"
#include "batch/steps.hpp"
#include "pg/report.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/stop_point.hpp"

namespace datasurface::batch {

namespace {

void check_budget(const std::optional<double> &budget)
{
    if (budget && *budget < 0)
        throw Error(sqlstate::invalid_parameter_value, "the budget must not be negative",
                    "It is the time after which no further step is begun.",
                    "Zero takes one step in each call; without a budget one call does all.");
}

Failure kind_of(const Error &failure)
{
    bool const outdated =
        failure.sqlstate == sqlstate::staging_changed || failure.sqlstate == sqlstate::definition_changed;
    return outdated ? Failure::outdated : Failure::other;
}

// The error of a step that is to be recorded.
struct Failed {
    std::string step;
    Error error{sqlstate::failed_by_operator, ""};
};

Effect execute(Work &work, Step step, const Wanted &wanted, const Failed &failed, Progress &progress)
{
    switch (step) {
    case Step::open:
        open(work);
        break;
    case Step::adopt:
        work.run_is_new = true;
        break;
    case Step::start_over:
        start_over(work);
        break;
    case Step::pull_through:
        return pull_through(work, progress);
    case Step::ingest:
        ingest(work, wanted.rows, progress);
        break;
    case Step::merge:
        return merge(work, progress);
    case Step::commit:
        commit(work);
        break;
    case Step::hold:
        hold(work);
        break;
    case Step::replace:
        replace(work);
        break;
    case Step::keep_held:
        keep_held(work);
        if (!work.facts.staged)
            pg::warn(batch_title(work.stream.name, work.batch.id) +
                         " stays held; the pull that was to replace it failed: " + failed.error.message,
                     failed.error.hint);
        break;
    case Step::record_check:
        record_check(work);
        break;
    case Step::record_failure:
        record_failure(work, failed.step, failed.error);
        break;
    case Step::clear:
        clear(work);
        break;
    case Step::discard:
        discard(work);
        break;
    case Step::raise:
        throw failed.error;
    case Step::answer:
    case Step::refuse:
        break;
    }
    return {};
}

// Steps that run code and read rows of others: their errors are the batch's. A release goes on if the staged rows are lost.
bool may_fail(const Work &work, Step step)
{
    if (work.facts.call == Call::release)
        return step == Step::merge;
    bool const pulls_or_merges = step == Step::pull_through || step == Step::ingest || step == Step::merge;
    return work.facts.call == Call::run && pulls_or_merges;
}

constexpr int pulls_staged_next = 8;

// Pulls that are often odd would be made twice each time.
void note_odd(Work &work, const Error &error)
{
    constexpr std::size_t longest_reason = 1000; // bytes
    work.stream.pulls_to_stage = 1 + pulls_staged_next;
    bool const is_ours = error.sqlstate == sqlstate::feature_not_supported && !error.detail.empty();
    work.why_staged = cut(is_ours ? error.detail : error.message, longest_reason);
    work.batch_changed = true; // the call may stop here
}

// Executes the step. What fails in a step of ds_run is an effect of it.
Effect effect_of(Work &work, Step step, const Wanted &wanted, Failed &failed)
{
    Progress progress;
    if (!may_fail(work, step))
        return execute(work, step, wanted, failed, progress);
    Effect effect;
    std::optional<Error> const error = pg::savepoint([&] { effect = execute(work, step, wanted, failed, progress); });
    if (!error)
        return effect;
    // the staged way reports what is wrong, or does what this cannot
    if (step == Step::pull_through && progress.receives && !error->is_final) {
        note_odd(work, *error);
        return {Failure::odd, false, Stop::none};
    }
    // a pull that is staged keeps the source waiting for a shorter time
    if (progress.has_received)
        work.stream.pulls_to_stage = pulls_staged_next;
    failed = {progress.step, *error};
    return {kind_of(*error), false, Stop::none};
}

void move(Work &work, Step step, const Effect &effect)
{
    work.facts = after(work.facts, step, effect);
    if (work.facts.state)
        work.batch.state = *work.facts.state;
    work.batch.ingested = work.facts.ingested;
}

} // namespace

Outcome carry_through(Work &work, const Wanted &wanted)
{
    Stopwatch const watch;
    Failed failed{"operator", Error(sqlstate::failed_by_operator, wanted.reason)};
    work.facts.has_budget = wanted.budget.has_value();
    for (;;) {
        work.facts.out_of_time = wanted.budget && watch.seconds() >= *wanted.budget;
        Next const step = next(work.facts);
        if (step.step == Step::refuse)
            refuse(work, step.refusal);
        if (step.step == Step::answer) {
            save(work);
            return step.outcome;
        }
        move(work, step.step, effect_of(work, step.step, wanted, failed));
    }
}

Ran run(const std::string &stream, const std::optional<std::string> &run_id, std::optional<double> budget)
{
    check_run_id(run_id);
    check_budget(budget);
    Stopwatch const watch;
    Ran ran;
    if (Loaded const loaded = budget ? load_alone(stream) : Loaded::nothing; loaded != Loaded::nothing) {
        ran.outcome = loaded == Loaded::failed ? Outcome::failed : Outcome::keep_working;
        return ran;
    }
    Work work = begin_work(stream, Call::run);
    if (!budget) {
        give_chunks_up(work);
        tell_of_loads(work);
    }
    load_batch_of_run(work, run_id);
    ran.outcome = carry_through(work, {std::nullopt, budget, ""});
    if (work.batch.is_recorded)
        ran.batch = work.batch.id;
    bool const has_time = budget && watch.seconds() < *budget && ran.outcome != Outcome::keep_working;
    if (has_time && work.has_unpublished) // also where the batch has failed: it may fail each time
        (void)load_next(work.stream, work.store, false);
    return ran;
}

namespace {

// What beside the batch is left to load. True when it has loaded something, to the end.
bool load_to_end(const std::string &stream)
{
    bool has_loaded = false;
    for (;;) {
        Loaded loaded = Loaded::nothing;
        pg::as_extension_owner([&] { loaded = load_more(stream); });
        pg::commit_and_go_on();
        if (loaded == Loaded::nothing)
            return has_loaded;
        has_loaded = true;
        if (loaded == Loaded::failed)
            pg::as_extension_owner([&] { require_loads(find_stream(stream)); });
    }
}

// The budget is used up after each step, so a call takes one step.
Ran run_batch(const std::string &stream, const std::optional<std::string> &run_id)
{
    Ran ran;
    do {
        pg::as_extension_owner([&] { ran = run(stream, run_id, 0); });
        pg::commit_and_go_on();
        pg::stop_point("procedure.committed");
        if (ran.outcome == Outcome::failed && !ran.batch) { // a first load has
            pg::as_extension_owner([&] { require_loads(find_stream(stream)); });
            ran.outcome = Outcome::keep_working; // meanwhile another session has loaded that chunk
        }
    } while (ran.outcome == Outcome::keep_working);
    return ran;
}

void require_committed(const std::string &stream, const Ran &ran)
{
    if (ran.batch)
        pg::as_extension_owner([&] { require_batch(stream, *ran.batch, ran.outcome == Outcome::done); });
}

} // namespace

void run_to_end(const std::string &stream, const std::optional<std::string> &run_id, bool is_atomic)
{
    pg::begin_committing_procedure(is_atomic, "ds_run_to_end", "ds_run and then ds_require");
    Ran const ran = run_batch(stream, run_id);
    bool const is_loaded = load_to_end(stream); // before it is said that the batch has failed: it may fail each time
    require_committed(stream, ran);
    if (is_loaded) // nobody wants to wait for the next run
        require_committed(stream, run_batch(stream, std::nullopt));
    pg::end_committing_procedure();
}

} // namespace datasurface::batch
