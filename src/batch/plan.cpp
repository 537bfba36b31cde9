#include "batch/plan.hpp"

#include <array>
#include <cstddef>

namespace datasurface::batch {

namespace {

Next answer(Outcome outcome = Outcome::done)
{
    return {Step::answer, {}, outcome};
}

Next refuse(Refusal refusal)
{
    return {Step::refuse, refusal, {}};
}

Next act(Step step)
{
    return {step, {}, {}};
}

Next next_of_start(const Facts &f)
{
    if (f.owner == Owner::caller)
        return answer();
    return f.state ? refuse(Refusal::batch_is_open) : act(Step::open);
}

Next next_of_ingest(const Facts &f)
{
    if (!f.is_open_batch)
        return refuse(Refusal::not_open);
    return f.ingested ? refuse(Refusal::not_started) : act(Step::ingest);
}

Next next_of_merge(const Facts &f)
{
    if (f.merged)
        return act(Step::commit);
    if (!f.is_open_batch)
        return refuse(Refusal::not_open);
    return f.ingested && f.state != State::held ? act(Step::merge) : refuse(Refusal::not_ingested);
}

Next next_of_reset(const Facts &f)
{
    if (f.state == State::committed)
        return f.ignore_committed ? answer() : refuse(Refusal::is_committed);
    return f.is_open_batch ? act(Step::clear) : refuse(Refusal::not_open);
}

Next next_of_fail(const Facts &f)
{
    return f.is_open_batch ? act(Step::record_failure) : refuse(Refusal::not_open);
}

// A stream must not leave with a batch that a later call could go on with: numbers would run backwards, and rows staged for
// it would join another batch. A batch with nothing staged is over.
Next next_of_leave(const Facts &f)
{
    if (!f.is_open_batch)
        return answer();
    return f.has_staged_rows || f.ingested ? refuse(Refusal::has_staged_rows) : act(Step::discard);
}

// Nobody needs the row of a batch in which nothing changed, that no run id points to, and that no other transaction has seen.
// The first batch of a stream is recorded in any case, so that there is one to ask for.
bool may_go_unrecorded(const Facts &f)
{
    return !f.changed && !f.is_recorded && !f.has_run_id && !f.first_of_stream;
}

// Of rows that an earlier call staged: those of a push belong to their run. Those of a pull are published only by the run that
// staged them. Whoever else retries a pull, or takes it over, gets the source's rows of now.
bool can_merge_without_pull(const Facts &f)
{
    return f.pushed || f.staged_by_caller;
}

// Only a run with a name can come back to what it staged. Rows that were lost once are merged by the call that pulls them
// again, so they cannot be lost between the two without end.
bool may_stop(const Facts &f)
{
    return f.has_run_id && f.has_budget && !f.started_over;
}

Next next_of_open_batch(const Facts &f)
{
    if (f.merged)
        return act(may_go_unrecorded(f) ? Step::record_check : Step::commit);
    if (!f.ingested)
        return f.pushed ? refuse(Refusal::not_sealed) : act(Step::ingest);
    if (f.staged)
        return may_stop(f) && f.out_of_time ? answer(Outcome::keep_working) : act(Step::merge);
    return act(can_merge_without_pull(f) ? Step::merge : Step::start_over);
}

// Only rows that an earlier call staged are pulled again. If the pull itself fails, it would fail again.
Next next_of_failure(const Facts &f)
{
    bool const pull_again = f.failure == Failure::outdated && f.ingested && !f.pushed && !f.staged;
    return act(pull_again ? Step::start_over : Step::record_failure);
}

Next next_of_run(const Facts &f)
{
    if (f.failure != Failure::none)
        return next_of_failure(f);
    if (!f.state)
        return f.pushed ? refuse(Refusal::no_batch) : act(Step::open);
    if (is_open(*f.state) && f.has_run_id && f.owner != Owner::caller)
        return f.pushed && f.owner == Owner::another ? refuse(Refusal::other_run) : act(Step::adopt);
    switch (*f.state) {
    case State::committed:
        return answer();
    case State::discarded: // it will never be committed
        return answer(Outcome::failed);
    case State::held:
        return answer(Outcome::held);
    default:
        break;
    }
    return next_of_open_batch(f);
}

void start(Facts &facts)
{
    facts.state = State::started;
    facts.ingested = false;
}

} // namespace

std::string_view word(Outcome outcome)
{
    constexpr std::array<std::string_view, 4> words = {"DONE", "KEEP_WORKING", "HELD", "FAILED"};
    return words[static_cast<std::size_t>(outcome)];
}

Next next(const Facts &facts)
{
    if (facts.answered)
        return answer(facts.state == State::failed ? Outcome::failed : Outcome::done);
    switch (facts.call) {
    case Call::start:
        return next_of_start(facts);
    case Call::ingest:
        return next_of_ingest(facts);
    case Call::merge:
        return next_of_merge(facts);
    case Call::run:
        return next_of_run(facts);
    case Call::reset:
        return next_of_reset(facts);
    case Call::fail:
        return next_of_fail(facts);
    case Call::leave:
        return next_of_leave(facts);
    }
    return refuse(Refusal::not_open);
}

Facts after(Facts facts, Step step, const Effect &effect)
{
    if (effect.failure != Failure::none) {
        facts.failure = effect.failure;
        return facts;
    }
    switch (step) {
    case Step::open:
        start(facts);
        facts.is_open_batch = true;
        facts.owner = facts.has_run_id ? Owner::caller : Owner::nobody;
        facts.answered = facts.call == Call::start;
        break;
    case Step::adopt:
        facts.owner = Owner::caller;
        break;
    case Step::start_over:
        start(facts);
        facts.started_over = facts.failure == Failure::outdated;
        facts.failure = Failure::none;
        break;
    case Step::ingest:
        facts.state = State::ingested;
        facts.ingested = true;
        facts.staged = true;
        facts.answered = facts.call == Call::ingest;
        break;
    case Step::merge:
        facts.merged = true;
        facts.changed = effect.changed;
        break;
    case Step::commit:
        facts.state = State::committed;
        facts.answered = true;
        break;
    case Step::record_failure:
        // Pushed rows stay as they are, and a retry goes on with them. A pull begins anew.
        facts.ingested = facts.ingested && facts.pushed;
        facts.state = State::failed;
        facts.answered = true;
        break;
    case Step::clear:
        start(facts);
        facts.answered = true;
        break;
    case Step::discard:
        facts.state = State::discarded;
        facts.answered = true;
        break;
    case Step::record_check:
        facts.answered = true;
        break;
    case Step::answer:
    case Step::refuse:
        break;
    }
    return facts;
}

} // namespace datasurface::batch
