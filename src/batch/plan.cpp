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

// Only rows that an earlier call staged are pulled again. If the pull itself fails, it would fail again.
bool can_pull_again(const Facts &f)
{
    return f.failure == Failure::outdated && f.ingested && !f.pushed && !f.staged;
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
    if (f.stop != Stop::none)
        return act(Step::hold);
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

// The changes are compared with those that were held. If the staged rows of a pull are lost, they are pulled again.
Next next_of_release(const Facts &f)
{
    if (f.failure != Failure::none)
        return act(can_pull_again(f) ? Step::start_over : Step::raise);
    if (f.stop != Stop::none)
        return act(Step::hold);
    if (f.merged)
        return act(Step::commit);
    if (f.started_over)
        return act(f.ingested ? Step::merge : Step::ingest);
    if (f.state != State::held)
        return refuse(Refusal::not_held);
    return f.model_changed ? refuse(Refusal::model_changed) : act(Step::merge);
}

Next next_of_discard(const Facts &f)
{
    return f.state == State::held ? act(Step::discard) : refuse(Refusal::not_held);
}

// Rows that were pulled by another definition must not be released. Pushed rows cannot be staged again by us.
Next next_of_adapt(const Facts &f)
{
    bool const outdated = f.state == State::held && f.model_changed && !f.pushed;
    return outdated ? act(Step::start_over) : answer();
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
// again, so they cannot be lost between the two without end. Whether a held batch is replaced is known after the merge.
bool may_stop(const Facts &f)
{
    return f.has_run_id && f.has_budget && !f.started_over && !f.replaced;
}

// A batch that replaces a held one is compared with it, for which its rows have to be staged.
bool can_pull_through(const Facts &f)
{
    return f.may_pull_through && !f.replaced && !f.started_over;
}

// That a pull was odd is committed before its rows are staged, if the caller comes back: else a timeout would make it forgotten.
Next next_without_rows(const Facts &f)
{
    if (f.pushed)
        return refuse(Refusal::not_sealed);
    if (can_pull_through(f))
        return act(Step::pull_through);
    return f.was_odd && may_stop(f) && f.out_of_time ? answer(Outcome::keep_working) : act(Step::ingest);
}

Next next_of_open_batch(const Facts &f)
{
    if (f.merged)
        return act(may_go_unrecorded(f) ? Step::record_check : Step::commit);
    if (!f.ingested)
        return next_without_rows(f);
    if (f.staged)
        return may_stop(f) && f.out_of_time ? answer(Outcome::keep_working) : act(Step::merge);
    return act(can_merge_without_pull(f) ? Step::merge : Step::start_over);
}

bool must_adopt(const Facts &f)
{
    return f.has_run_id && f.owner != Owner::caller;
}

Next next_of_held(const Facts &f)
{
    if (f.model_changed)
        return f.pushed ? refuse(Refusal::model_changed) : act(Step::start_over);
    if (f.replaces_held)
        return act(Step::replace);
    return must_adopt(f) ? act(Step::adopt) : answer(Outcome::held);
}

// A pull that fails leaves the held batch and its staged rows as they are.
Next next_of_failed_run(const Facts &f)
{
    if (f.replaced && !f.staged)
        return act(Step::keep_held);
    return act(can_pull_again(f) ? Step::start_over : Step::record_failure);
}

Next next_of_run(const Facts &f)
{
    if (f.failure != Failure::none)
        return next_of_failed_run(f);
    if (f.stop != Stop::none)
        return act(f.stop == Stop::same ? Step::keep_held : Step::hold);
    if (!f.state)
        return f.pushed ? refuse(Refusal::no_batch) : act(Step::open);
    if (f.state == State::committed)
        return answer();
    if (f.state == State::discarded) // it will never be committed
        return answer(Outcome::failed);
    if (f.pushed && must_adopt(f) && f.owner == Owner::another)
        return refuse(Refusal::other_run);
    if (f.state == State::held)
        return next_of_held(f);
    return must_adopt(f) ? act(Step::adopt) : next_of_open_batch(f);
}

void start(Facts &facts)
{
    facts.state = State::started;
    facts.ingested = false;
}

void end(Facts &facts, State state)
{
    facts.state = state;
    facts.answered = true;
}

void note_merge(Facts &facts, const Effect &effect)
{
    facts.merged = effect.stop == Stop::none;
    facts.changed = effect.changed;
    facts.stop = effect.stop;
}

void begin_batch(Facts &facts)
{
    start(facts);
    facts.is_open_batch = true;
    facts.is_recorded = false;
    facts.owner = facts.has_run_id ? Owner::caller : Owner::nobody;
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
        return answer(facts.state == State::failed ? Outcome::failed
                      : facts.state == State::held ? Outcome::held
                                                   : Outcome::done);
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
    case Call::preview:
        return answer();
    case Call::release:
        return next_of_release(facts);
    case Call::discard:
        return next_of_discard(facts);
    case Call::adapt:
        return next_of_adapt(facts);
    case Call::leave:
        return next_of_leave(facts);
    }
    return refuse(Refusal::not_open);
}

namespace {

Facts after_failure(Facts facts, Failure failure)
{
    if (failure == Failure::odd) {
        facts.may_pull_through = false;
        facts.was_odd = true;
    } else
        facts.failure = failure;
    return facts;
}

} // namespace

Facts after(Facts facts, Step step, const Effect &effect)
{
    if (effect.failure != Failure::none)
        return after_failure(facts, effect.failure);
    switch (step) {
    case Step::open:
        begin_batch(facts);
        facts.answered = facts.call == Call::start;
        break;
    case Step::adopt:
        facts.owner = Owner::caller;
        break;
    case Step::replace:
        begin_batch(facts);
        facts.replaced = true;
        break;
    case Step::start_over:
        start(facts);
        facts.answered = facts.call == Call::adapt;
        facts.started_over = facts.failure == Failure::outdated;
        facts.failure = Failure::none;
        break;
    case Step::ingest:
        facts.state = State::ingested;
        facts.ingested = true;
        facts.staged = true;
        facts.answered = facts.call == Call::ingest;
        break;
    case Step::pull_through:
    case Step::merge:
        note_merge(facts, effect);
        break;
    case Step::hold:
    case Step::keep_held:
        facts.ingested = true;
        end(facts, State::held);
        break;
    case Step::commit:
        end(facts, State::committed);
        break;
    case Step::discard:
        end(facts, State::discarded);
        break;
    case Step::record_failure:
        // Pushed rows stay as they are, and a retry goes on with them. A pull begins anew.
        facts.ingested = facts.ingested && facts.pushed;
        end(facts, State::failed);
        break;
    case Step::clear:
        start(facts);
        [[fallthrough]];
    case Step::record_check:
        facts.answered = true;
        break;
    case Step::answer:
    case Step::refuse:
    case Step::raise:
        break;
    }
    return facts;
}

} // namespace datasurface::batch
