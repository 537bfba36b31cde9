// What each call does with a batch in each state.

#include <gtest/gtest.h>

#include <string>

#include "batch_walk.hpp"

namespace datasurface::batch {

namespace {

Facts with_batch(const Facts &facts, State state)
{
    return with_batch(facts, state, state == State::ingested || state == State::held);
}

Facts pull(State state)
{
    return with_batch(stream(Call::run, false), state);
}

Facts push(Call call, State state)
{
    return with_batch(stream(call, true), state);
}

Facts named(Facts facts)
{
    facts.has_run_id = true;
    return facts;
}

Facts own(Facts facts)
{
    facts.has_run_id = true;
    facts.owner = Owner::caller;
    return facts;
}

Facts own_staged(Facts facts)
{
    facts.staged_by_caller = true;
    return own(facts);
}

Facts out_of_time(Facts facts)
{
    facts.has_budget = facts.out_of_time = true;
    return facts;
}

const Script changing{{}, true};

Script failing(Step step, Failure failure, bool persists = false)
{
    return {{{step, {failure, persists}}}};
}

} // namespace

TEST(BatchPlan, AStartOpensABatchOrNamesThatOfItsRun)
{
    for (bool const pushed : {false, true}) {
        EXPECT_EQ(walk(stream(Call::start, pushed)), "open DONE");
        EXPECT_EQ(walk(named(stream(Call::start, pushed))), "open DONE");
        for (State const state : {State::started, State::ingested, State::held, State::failed}) {
            EXPECT_EQ(walk(with_batch(stream(Call::start, pushed), state)), "refused: batch_is_open");
            EXPECT_EQ(walk(named(with_batch(stream(Call::start, pushed), state))), "refused: batch_is_open");
            EXPECT_EQ(walk(own(with_batch(stream(Call::start, pushed), state))), "DONE");
        }
        for (State const state : {State::committed, State::discarded})
            EXPECT_EQ(walk(own(with_batch(stream(Call::start, pushed), state))), "DONE");
    }
}

TEST(BatchPlan, AnIngestWantsAStartedBatch)
{
    for (bool const pushed : {false, true}) {
        Facts const none = stream(Call::ingest, pushed);
        EXPECT_EQ(walk(none), "refused: not_open");
        EXPECT_EQ(walk(with_batch(none, State::started)), "ingest DONE");
        EXPECT_EQ(walk(with_batch(none, State::failed, false)), "ingest DONE");
        EXPECT_EQ(walk(with_batch(none, State::failed, true)), "refused: not_started");
        EXPECT_EQ(walk(with_batch(none, State::ingested)), "refused: not_started");
        EXPECT_EQ(walk(with_batch(none, State::held)), "refused: not_started");
        EXPECT_EQ(walk(with_batch(none, State::committed)), "refused: not_open");
        EXPECT_EQ(walk(with_batch(none, State::discarded)), "refused: not_open");
    }
}

TEST(BatchPlan, AMergeWantsAnIngestedBatchAndAlwaysCommitsIt)
{
    for (bool const pushed : {false, true}) {
        Facts const none = stream(Call::merge, pushed);
        EXPECT_EQ(walk(none), "refused: not_open");
        EXPECT_EQ(walk(with_batch(none, State::ingested)), "merge commit DONE");
        EXPECT_EQ(walk(with_batch(none, State::failed, true)), "merge commit DONE");
        EXPECT_EQ(walk(with_batch(none, State::started)), "refused: not_ingested");
        EXPECT_EQ(walk(with_batch(none, State::failed, false)), "refused: not_ingested");
        EXPECT_EQ(walk(with_batch(none, State::held)), "refused: not_ingested");
        EXPECT_EQ(walk(with_batch(none, State::committed)), "refused: not_open");
        EXPECT_EQ(walk(with_batch(none, State::discarded)), "refused: not_open");
    }
}

TEST(BatchPlan, AResetClearsTheOpenBatch)
{
    Facts none = stream(Call::reset, true);
    EXPECT_EQ(walk(none), "refused: not_open");
    for (State const state : {State::started, State::ingested, State::held, State::failed})
        EXPECT_EQ(walk(with_batch(none, state)), "clear DONE");
    EXPECT_EQ(walk(with_batch(none, State::committed)), "refused: is_committed");
    EXPECT_EQ(walk(with_batch(none, State::discarded)), "refused: not_open");
    none.ignore_committed = true;
    EXPECT_EQ(walk(with_batch(none, State::committed)), "DONE");
    EXPECT_EQ(walk(with_batch(none, State::discarded)), "refused: not_open");
}

TEST(BatchPlan, AnOperatorFailsTheOpenBatch)
{
    Facts const none = stream(Call::fail, false);
    EXPECT_EQ(walk(none), "refused: not_open");
    for (State const state : {State::started, State::ingested, State::held, State::failed}) {
        EXPECT_EQ(next(with_batch(none, state)).step, Step::record_failure);
        EXPECT_EQ(after(with_batch(none, state), Step::record_failure, {}).state, State::failed);
    }
    for (State const state : {State::committed, State::discarded})
        EXPECT_EQ(walk(with_batch(none, state)), "refused: not_open");
}

TEST(BatchPlan, AStreamLeavesTheModelWithoutStagedRows)
{
    Facts none = stream(Call::leave, true);
    EXPECT_EQ(walk(none), "DONE");
    EXPECT_EQ(walk(with_batch(none, State::started)), "discard DONE");
    EXPECT_EQ(walk(with_batch(none, State::failed, false)), "discard DONE");
    for (State const state : {State::ingested, State::held})
        EXPECT_EQ(walk(with_batch(none, state)), "refused: has_staged_rows");
    EXPECT_EQ(walk(with_batch(none, State::failed, true)), "refused: has_staged_rows");
    none.has_staged_rows = true;
    EXPECT_EQ(walk(with_batch(none, State::started)), "refused: has_staged_rows");
}

TEST(BatchPlan, APullRunsFromItsSourceToItsCommit)
{
    EXPECT_EQ(walk(stream(Call::run, false), changing), "open ingest merge commit DONE");
    EXPECT_EQ(walk(pull(State::started), changing), "ingest merge commit DONE");
    EXPECT_EQ(walk(pull(State::failed), changing), "ingest merge commit DONE");
}

TEST(BatchPlan, AnUnchangedPullIsRecordedOnlyWhereSomebodyAsksForIt)
{
    Facts const none = stream(Call::run, false);
    EXPECT_EQ(walk(none), "open ingest merge record_check DONE");
    EXPECT_EQ(walk(named(none)), "open ingest merge commit DONE");
    Facts first = none;
    first.first_of_stream = true;
    EXPECT_EQ(walk(first), "open ingest merge commit DONE");
    // others have seen its row
    EXPECT_EQ(walk(pull(State::started)), "ingest merge commit DONE");
    EXPECT_EQ(walk(pull(State::failed)), "ingest merge commit DONE");
}

TEST(BatchPlan, WhoeverRetriesAPullGetsTheRowsOfNow)
{
    EXPECT_EQ(walk(pull(State::ingested)), "start_over ingest merge commit DONE");
    EXPECT_EQ(walk(named(pull(State::ingested))), "adopt start_over ingest merge commit DONE");
    EXPECT_EQ(walk(own(pull(State::ingested))), "start_over ingest merge commit DONE");
    EXPECT_EQ(walk(own_staged(pull(State::ingested))), "merge commit DONE");
    EXPECT_EQ(walk(named(pull(State::started))), "adopt ingest merge commit DONE");
}

TEST(BatchPlan, ABudgetStopsOnlyARunThatHasAName)
{
    EXPECT_EQ(walk(out_of_time(named(stream(Call::run, false)))), "open ingest KEEP_WORKING");
    EXPECT_EQ(walk(out_of_time(own_staged(pull(State::ingested)))), "merge commit DONE");
    EXPECT_EQ(walk(out_of_time(named(pull(State::ingested)))), "adopt start_over ingest KEEP_WORKING");
    EXPECT_EQ(walk(out_of_time(stream(Call::run, false)), changing), "open ingest merge commit DONE");
}

TEST(BatchPlan, AFailedStepIsRecorded)
{
    Facts const none = stream(Call::run, false);
    EXPECT_EQ(walk(none, failing(Step::ingest, Failure::other)), "open ingest record_failure FAILED");
    EXPECT_EQ(walk(none, failing(Step::merge, Failure::other)), "open ingest merge record_failure FAILED");
    EXPECT_EQ(walk(push(Call::run, State::ingested), failing(Step::merge, Failure::other)),
              "merge record_failure FAILED");
}

TEST(BatchPlan, OutdatedRowsOfAPullArePulledAgainOnceAndWithoutAStop)
{
    Facts const staged = out_of_time(own_staged(pull(State::ingested)));
    EXPECT_EQ(walk(staged, failing(Step::merge, Failure::outdated)), "merge start_over ingest merge commit DONE");
    EXPECT_EQ(walk(stream(Call::run, false), failing(Step::merge, Failure::outdated)),
              "open ingest merge record_failure FAILED");
    EXPECT_EQ(walk(push(Call::run, State::ingested), failing(Step::merge, Failure::outdated)),
              "merge record_failure FAILED");
}

// A query may raise these errors, for instance by ds_require of another stream. Pulled again it would raise them again.
TEST(BatchPlan, APullThatFailsIsNotRepeated)
{
    Script const fails = failing(Step::ingest, Failure::outdated, true);
    EXPECT_EQ(walk(stream(Call::run, false), fails), "open ingest record_failure FAILED");
    EXPECT_EQ(walk(own_staged(pull(State::started)), fails), "ingest record_failure FAILED");
    EXPECT_EQ(walk(pull(State::ingested), fails), "start_over ingest record_failure FAILED");
    EXPECT_EQ(walk(own_staged(pull(State::ingested)),
                   {{{Step::ingest, {Failure::outdated, true}}, {Step::merge, {Failure::outdated}}}}),
              "merge start_over ingest record_failure FAILED");
}

TEST(BatchPlan, AFailedPullBeginsAnewAndAFailedPushGoesOn)
{
    EXPECT_EQ(after(pull(State::ingested), Step::record_failure, {}).ingested, false);
    EXPECT_EQ(after(push(Call::run, State::ingested), Step::record_failure, {}).ingested, true);
    EXPECT_EQ(walk(with_batch(stream(Call::run, true), State::failed, true)), "merge commit DONE");
    EXPECT_EQ(after(push(Call::fail, State::held), Step::record_failure, {}).ingested, true);
}

TEST(BatchPlan, APushBelongsToItsRun)
{
    EXPECT_EQ(walk(stream(Call::run, true)), "refused: no_batch");
    EXPECT_EQ(walk(push(Call::run, State::started)), "refused: not_sealed");
    EXPECT_EQ(walk(push(Call::run, State::ingested)), "merge commit DONE");
    EXPECT_EQ(walk(own(push(Call::run, State::ingested))), "merge commit DONE");
    EXPECT_EQ(walk(named(push(Call::run, State::ingested))), "adopt merge commit DONE");
    Facts others = named(push(Call::run, State::ingested));
    others.owner = Owner::another;
    EXPECT_EQ(walk(others), "refused: other_run");
    others.state = State::held;
    EXPECT_EQ(walk(others), "refused: other_run");
}

TEST(BatchPlan, ARunThatIsOverIsAnswered)
{
    EXPECT_EQ(walk(own(pull(State::committed))), "DONE");
    EXPECT_EQ(walk(own(pull(State::discarded))), "FAILED");
    EXPECT_EQ(walk(own(pull(State::held))), "HELD");
    EXPECT_EQ(walk(named(pull(State::held))), "adopt HELD");
}

TEST(BatchPlan, AStoppedMergeIsHeld)
{
    Script const stopped{{}, true, Stop::hold};
    EXPECT_EQ(walk(stream(Call::run, false), stopped), "open ingest merge hold HELD");
    EXPECT_EQ(walk(push(Call::run, State::ingested), stopped), "merge hold HELD");
    EXPECT_EQ(walk(push(Call::merge, State::ingested), stopped), "merge hold HELD");
    EXPECT_EQ(walk(own_staged(pull(State::ingested)), stopped), "merge hold HELD");
    // whoever failed it has not decided about its rows
    EXPECT_EQ(walk(with_batch(stream(Call::run, true), State::failed, true), stopped), "merge hold HELD");
}

TEST(BatchPlan, RowsArePulledThroughOrStaged)
{
    Facts through = stream(Call::run, false);
    through.may_pull_through = true;
    EXPECT_EQ(walk(through), "open pull_through record_check DONE");
    EXPECT_EQ(walk(through, changing), "open pull_through commit DONE");
    EXPECT_EQ(walk(out_of_time(named(through)), changing), "open pull_through commit DONE");
    // whatever is odd is found again, and told, by the other steps
    EXPECT_EQ(walk(through, failing(Step::pull_through, Failure::odd, true)),
              "open pull_through ingest merge record_check DONE");
    EXPECT_EQ(walk(through, {{{Step::pull_through, {Failure::odd}}, {Step::ingest, {Failure::other}}}}),
              "open pull_through ingest record_failure FAILED");
    EXPECT_EQ(walk(through, {{}, true, Stop::hold}), "open pull_through ingest merge hold HELD");
    EXPECT_EQ(walk(with_batch(through, State::failed, false), changing), "pull_through commit DONE");
    // who comes back must not meet the same again
    EXPECT_EQ(walk(out_of_time(named(through)), failing(Step::pull_through, Failure::odd)),
              "open pull_through KEEP_WORKING");
    EXPECT_EQ(walk(out_of_time(through), failing(Step::pull_through, Failure::odd)),
              "open pull_through ingest merge record_check DONE");
    // rows that are staged are not pulled through
    EXPECT_EQ(walk(own_staged(with_batch(through, State::ingested, true)), changing), "merge commit DONE");
    EXPECT_EQ(walk(named(with_batch(through, State::ingested, true)), changing),
              "adopt start_over pull_through commit DONE");
    // a batch in place of a held one is compared with that
    Facts held = with_batch(through, State::held, true);
    held.replaces_held = true;
    EXPECT_EQ(walk(held), "replace ingest merge record_check DONE");
}

TEST(BatchPlan, ARunPullsAnewWhileABatchIsHeld)
{
    Facts held = pull(State::held);
    held.replaces_held = true;
    EXPECT_EQ(walk(held), "replace ingest merge record_check DONE");
    EXPECT_EQ(walk(named(held)), "replace ingest merge commit DONE");
    EXPECT_EQ(walk(own(held), changing), "replace ingest merge commit DONE");
    EXPECT_EQ(walk(held, {{}, true, Stop::hold}), "replace ingest merge hold HELD");
    EXPECT_EQ(walk(held, {{}, true, Stop::same}), "replace ingest merge keep_held HELD");
    // the source may be away for a moment
    EXPECT_EQ(walk(held, failing(Step::ingest, Failure::other)), "replace ingest keep_held HELD");
    EXPECT_EQ(walk(held, failing(Step::merge, Failure::other)), "replace ingest merge record_failure FAILED");
    // whether it is replaced is known after the merge
    EXPECT_EQ(walk(out_of_time(named(held)), changing), "replace ingest merge commit DONE");
}

TEST(BatchPlan, AHeldPushWaits)
{
    Facts held = push(Call::run, State::held);
    EXPECT_EQ(walk(held), "HELD");
    EXPECT_EQ(walk(named(held)), "adopt HELD");
    held.model_changed = true;
    EXPECT_EQ(walk(held), "refused: model_changed");
    held.call = Call::release;
    EXPECT_EQ(walk(held), "refused: model_changed");
    held.call = Call::reset;
    EXPECT_EQ(walk(held), "clear DONE");
}

TEST(BatchPlan, AReleaseMergesWhatIsHeldAndNothingElse)
{
    for (bool const pushed : {false, true}) {
        Facts const none = stream(Call::release, pushed);
        EXPECT_EQ(walk(none), "refused: not_held");
        for (State const state : {State::started, State::ingested, State::failed, State::committed, State::discarded})
            EXPECT_EQ(walk(with_batch(none, state)), "refused: not_held");
        EXPECT_EQ(walk(with_batch(none, State::held), changing), "merge commit DONE");
        EXPECT_EQ(walk(with_batch(none, State::held), {{}, true, Stop::hold}), "merge hold HELD");
        EXPECT_EQ(walk(with_batch(none, State::held), failing(Step::merge, Failure::other)), "merge raise ");
    }
    Script const lost = failing(Step::merge, Failure::outdated);
    EXPECT_EQ(walk(with_batch(stream(Call::release, false), State::held), lost),
              "merge start_over ingest merge commit DONE");
    EXPECT_EQ(walk(with_batch(stream(Call::release, true), State::held), lost), "merge raise ");
}

TEST(BatchPlan, ADiscardEndsAHeldBatch)
{
    Facts const none = stream(Call::discard, true);
    EXPECT_EQ(walk(with_batch(none, State::held)), "discard DONE");
    for (State const state : {State::started, State::ingested, State::failed, State::committed, State::discarded})
        EXPECT_EQ(walk(with_batch(none, state)), "refused: not_held");
}

TEST(BatchPlan, AModelThatChangesSetsAHeldPullBack)
{
    Facts held = with_batch(stream(Call::adapt, false), State::held);
    EXPECT_EQ(walk(held), "DONE");
    held.model_changed = true;
    EXPECT_EQ(walk(held), "start_over DONE");
    held.pushed = true;
    EXPECT_EQ(walk(held), "DONE");
    Facts run = pull(State::held);
    run.model_changed = run.replaces_held = true;
    EXPECT_EQ(walk(named(run), changing), "start_over adopt ingest merge commit DONE");
}

} // namespace datasurface::batch
