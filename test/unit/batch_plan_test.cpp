// The state machine of a batch: what each call does with a batch in each state, and the picture of it in the documents.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "batch/plan.hpp"

namespace datasurface::batch {

namespace {

constexpr Call calls[] = {Call::start, Call::ingest, Call::merge, Call::run, Call::reset, Call::fail, Call::leave};

// A stream without a batch.
Facts stream(Call call, bool pushed)
{
    Facts facts;
    facts.call = call;
    facts.pushed = pushed;
    return facts;
}

Facts with_batch(Facts facts, State state, State resume)
{
    facts.state = state;
    facts.resume = resume;
    facts.is_recorded = true;
    facts.is_open_batch = is_open(state);
    return facts;
}

Facts with_batch(const Facts &facts, State state)
{
    return with_batch(facts, state, state);
}

Facts pull(State state, State resume)
{
    return with_batch(stream(Call::run, false), state, resume);
}

Facts pull(State state)
{
    return pull(state, state);
}

Facts push(Call call, State state)
{
    return with_batch(stream(call, true), state);
}

// What an ingest or merge ends with.
using Fault = std::map<Step, Failure>;

Facts executed(const Facts &facts, Step step, Fault &faults)
{
    auto const fault = faults.find(step);
    if (fault == faults.end())
        return after(facts, step);
    Facts failed = facts;
    failed.failure = fault->second;
    faults.erase(fault);
    return failed;
}

const std::map<Step, std::string> step_names = {
    {Step::open, "open"},
    {Step::adopt, "adopt"},
    {Step::begin_anew, "begin_anew"},
    {Step::ingest, "ingest"},
    {Step::merge, "merge"},
    {Step::commit, "commit"},
    {Step::record_check, "record_check"},
    {Step::record_failure, "record_failure"},
    {Step::clear, "clear"},
    {Step::discard, "discard"},
};

const std::map<Refusal, std::string> refusal_names = {
    {Refusal::not_open, "not_open"},
    {Refusal::batch_is_open, "batch_is_open"},
    {Refusal::no_batch, "no_batch"},
    {Refusal::not_sealed, "not_sealed"},
    {Refusal::other_run, "other_run"},
    {Refusal::not_started, "not_started"},
    {Refusal::not_ingested, "not_ingested"},
    {Refusal::is_committed, "is_committed"},
    {Refusal::has_staged_rows, "has_staged_rows"},
};

// A call carried through, as "open ingest merge commit: DONE" or "refused: not_open".
std::string walk(Facts facts, Fault faults = {})
{
    std::string path;
    for (int steps = 0; steps < 20; ++steps) {
        Next const step = next(facts);
        if (step.step == Step::refuse)
            return path + "refused: " + refusal_names.at(step.refusal);
        if (step.step == Step::answer)
            return path + std::string(word(step.outcome));
        path += step_names.at(step.step) + " ";
        facts = executed(facts, step.step, faults);
    }
    return path + "without end";
}

Facts named(Facts facts)
{
    facts.has_run_id = true;
    return facts;
}

Facts own(Facts facts)
{
    facts.has_run_id = facts.is_callers = true;
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

Facts changing(Facts facts)
{
    facts.changed = true;
    return facts;
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
        EXPECT_EQ(walk(with_batch(none, State::failed, State::started)), "ingest DONE");
        EXPECT_EQ(walk(with_batch(none, State::failed, State::ingested)), "refused: not_started");
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
        EXPECT_EQ(walk(with_batch(none, State::failed, State::ingested)), "merge commit DONE");
        EXPECT_EQ(walk(with_batch(none, State::started)), "refused: not_ingested");
        EXPECT_EQ(walk(with_batch(none, State::failed, State::started)), "refused: not_ingested");
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
        EXPECT_EQ(after(with_batch(none, state), Step::record_failure).state, State::failed);
    }
    for (State const state : {State::committed, State::discarded})
        EXPECT_EQ(walk(with_batch(none, state)), "refused: not_open");
}

TEST(BatchPlan, AStreamLeavesTheModelWithoutStagedRows)
{
    Facts none = stream(Call::leave, true);
    EXPECT_EQ(walk(none), "DONE");
    EXPECT_EQ(walk(with_batch(none, State::started)), "discard DONE");
    EXPECT_EQ(walk(with_batch(none, State::failed, State::started)), "discard DONE");
    for (State const state : {State::ingested, State::held})
        EXPECT_EQ(walk(with_batch(none, state)), "refused: has_staged_rows");
    EXPECT_EQ(walk(with_batch(none, State::failed, State::ingested)), "refused: has_staged_rows");
    none.has_staged_rows = true;
    EXPECT_EQ(walk(with_batch(none, State::started)), "refused: has_staged_rows");
}

TEST(BatchPlan, APullRunsFromItsSourceToItsCommit)
{
    EXPECT_EQ(walk(changing(stream(Call::run, false))), "open ingest merge commit DONE");
    EXPECT_EQ(walk(changing(pull(State::started))), "ingest merge commit DONE");
    EXPECT_EQ(walk(changing(pull(State::failed, State::started))), "ingest merge commit DONE");
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
    EXPECT_EQ(walk(pull(State::failed, State::started)), "ingest merge commit DONE");
}

TEST(BatchPlan, WhoeverRetriesAPullGetsTheRowsOfNow)
{
    EXPECT_EQ(walk(pull(State::ingested)), "begin_anew ingest merge commit DONE");
    EXPECT_EQ(walk(named(pull(State::ingested))), "adopt begin_anew ingest merge commit DONE");
    EXPECT_EQ(walk(own(pull(State::ingested))), "begin_anew ingest merge commit DONE");
    EXPECT_EQ(walk(own_staged(pull(State::ingested))), "merge commit DONE");
    EXPECT_EQ(walk(named(pull(State::started))), "adopt ingest merge commit DONE");
}

TEST(BatchPlan, ABudgetStopsOnlyARunThatHasAName)
{
    EXPECT_EQ(walk(out_of_time(named(stream(Call::run, false)))), "open ingest KEEP_WORKING");
    EXPECT_EQ(walk(out_of_time(own_staged(pull(State::ingested)))), "merge commit DONE");
    EXPECT_EQ(walk(changing(out_of_time(stream(Call::run, false)))), "open ingest merge commit DONE");
}

TEST(BatchPlan, AFailedStepIsRecorded)
{
    Facts const none = stream(Call::run, false);
    EXPECT_EQ(walk(none, {{Step::ingest, Failure::other}}), "open ingest record_failure FAILED");
    EXPECT_EQ(walk(none, {{Step::merge, Failure::other}}), "open ingest merge record_failure FAILED");
    EXPECT_EQ(walk(push(Call::run, State::ingested), {{Step::merge, Failure::other}}), "merge record_failure FAILED");
}

TEST(BatchPlan, OutdatedRowsOfAPullArePulledAgainOnceAndWithoutAStop)
{
    Facts const staged = out_of_time(own_staged(pull(State::ingested)));
    EXPECT_EQ(walk(staged, {{Step::merge, Failure::outdated}}), "merge begin_anew ingest merge commit DONE");
    EXPECT_EQ(walk(stream(Call::run, false), {{Step::merge, Failure::outdated}}),
              "open ingest merge record_failure FAILED");
    EXPECT_EQ(walk(push(Call::run, State::ingested), {{Step::merge, Failure::outdated}}),
              "merge record_failure FAILED");
}

TEST(BatchPlan, AFailedPullBeginsAnewAndAFailedPushGoesOn)
{
    EXPECT_EQ(after(pull(State::ingested), Step::record_failure).resume, State::started);
    EXPECT_EQ(after(push(Call::run, State::ingested), Step::record_failure).resume, State::ingested);
    EXPECT_EQ(walk(with_batch(stream(Call::run, true), State::failed, State::ingested)), "merge commit DONE");
}

TEST(BatchPlan, APushBelongsToItsRun)
{
    EXPECT_EQ(walk(stream(Call::run, true)), "refused: no_batch");
    EXPECT_EQ(walk(push(Call::run, State::started)), "refused: not_sealed");
    EXPECT_EQ(walk(push(Call::run, State::ingested)), "merge commit DONE");
    EXPECT_EQ(walk(own(push(Call::run, State::ingested))), "merge commit DONE");
    EXPECT_EQ(walk(named(push(Call::run, State::ingested))), "adopt merge commit DONE");
    Facts others = named(push(Call::run, State::ingested));
    others.is_anothers = true;
    EXPECT_EQ(walk(others), "refused: other_run");
    others.state = others.resume = State::held;
    EXPECT_EQ(walk(others), "refused: other_run");
}

TEST(BatchPlan, ARunThatIsOverIsAnswered)
{
    EXPECT_EQ(walk(own(pull(State::committed))), "DONE");
    EXPECT_EQ(walk(own(pull(State::discarded))), "FAILED");
    EXPECT_EQ(walk(own(pull(State::held))), "HELD");
    EXPECT_EQ(walk(named(pull(State::held))), "adopt HELD");
}

namespace {

// Every combination of the facts that a call may find.
std::vector<Facts> every_start()
{
    std::vector<Facts> all;
    const std::vector<std::pair<State, State>> batches = {{State::started, State::started},
                                                          {State::ingested, State::ingested},
                                                          {State::held, State::held},
                                                          {State::failed, State::started},
                                                          {State::failed, State::ingested},
                                                          {State::committed, State::committed},
                                                          {State::discarded, State::discarded}};
    for (Call const call : calls)
        for (int bits = 0; bits < 1024; ++bits) {
            Facts facts = stream(call, bits & 1);
            facts.has_run_id = bits & 2;
            facts.staged_by_caller = facts.has_run_id && (bits & 4);
            facts.has_budget = bits & 8;
            facts.out_of_time = facts.has_budget && (bits & 16);
            facts.changed = bits & 32;
            facts.is_anothers = facts.pushed && facts.has_run_id && (bits & 64);
            facts.has_staged_rows = bits & 128;
            facts.ignore_committed = bits & 256;
            facts.first_of_stream = bits & 512;
            all.push_back(facts);
            for (const auto &[state, resume] : batches) {
                Facts with = with_batch(facts, state, resume);
                all.push_back(with);
                with.is_callers = with.has_run_id;
                all.push_back(with);
            }
        }
    return all;
}

const std::vector<Fault> faults = {{},
                                   {{Step::ingest, Failure::other}},
                                   {{Step::merge, Failure::other}},
                                   {{Step::merge, Failure::outdated}}};

bool can_fail(const Fault &fault, Call call)
{
    return fault.empty() || call == Call::run;
}

std::string end_of(const std::optional<State> &state)
{
    return state ? std::string(word(*state)) : "[*]";
}

std::string sql_name(Call call)
{
    constexpr const char *names[] = {"ds_start_batch", "ds_ingest",     "ds_merge_staging", "ds_run",
                                     "ds_reset_batch", "ds_fail_batch", "ds_load_model"};
    return names[static_cast<int>(call)];
}

// "started --> ingested" to the calls that can do it.
using Moves = std::map<std::string, std::set<Call>>;

void collect(Facts facts, Fault fault, Moves &moves)
{
    for (Next step = next(facts); step.step != Step::answer && step.step != Step::refuse; step = next(facts)) {
        Facts const then = executed(facts, step.step, fault);
        if (step.step == Step::record_check)
            moves["[*] --> [*]"].insert(facts.call);
        else if (then.state != facts.state || step.step == Step::clear)
            moves[end_of(facts.state) + " --> " + end_of(then.state)].insert(facts.call);
        facts = then;
    }
}

std::set<std::string> lines_of(const Moves &moves)
{
    std::set<std::string> lines;
    for (const auto &[move, by] : moves) {
        std::string line = move + ":";
        for (Call const call : by)
            line += (line.back() == ':' ? " " : ", ") + sql_name(call);
        lines.insert(line);
    }
    return lines;
}

// The lines of the diagram in docs/concepts.md.
std::set<std::string> documented()
{
    std::set<std::string> lines;
    std::ifstream file("docs/concepts.md");
    for (std::string line; std::getline(file, line);)
        if (line.find(" --> ") != std::string::npos)
            lines.insert(line.substr(line.find_first_not_of(' ')));
    return lines;
}

} // namespace

namespace {

// The first path, of every start and every fault, that a rule forbids.
template <class Forbidden>
std::string first_path(Forbidden forbidden)
{
    for (const Facts &facts : every_start())
        for (const Fault &fault : faults) {
            if (!can_fail(fault, facts.call))
                continue;
            std::string const path = walk(facts, fault);
            if (forbidden(facts, path))
                return path;
        }
    return "";
}

bool has(const std::string &path, const std::string &part)
{
    return path.find(part) != std::string::npos;
}

} // namespace

TEST(BatchPlan, EveryCallEnds)
{
    EXPECT_EQ(first_path([](const Facts &, const std::string &path) { return has(path, "without end"); }), "");
}

TEST(BatchPlan, ARefusedCallHasDoneNothingToTheBatch)
{
    EXPECT_EQ(first_path([](const Facts &, const std::string &path) {
                  return has(path, "refused") && path.rfind("refused", 0) != 0 && path.rfind("adopt refused", 0) != 0;
              }),
              "");
}

TEST(BatchPlan, WhatIsCommittedWasMergedByTheSameCall)
{
    EXPECT_EQ(first_path([](const Facts &, const std::string &path) {
                  return (has(path, "commit ") && !has(path, "merge commit ")) ||
                         (has(path, "record_check") && !has(path, "merge record_check"));
              }),
              "");
}

TEST(BatchPlan, ABatchThatSomebodyMayAskForIsRecorded)
{
    EXPECT_EQ(first_path([](const Facts &facts, const std::string &path) {
                  bool const asked_for =
                      facts.is_recorded || facts.has_run_id || facts.changed || facts.first_of_stream;
                  return asked_for && has(path, "record_check");
              }),
              "");
}

TEST(BatchPlan, TheDiagramInTheDocumentsIsTheMachine)
{
    Moves moves;
    for (const Facts &facts : every_start())
        for (const Fault &fault : faults)
            if (can_fail(fault, facts.call))
                collect(facts, fault, moves);
    EXPECT_EQ(documented(), lines_of(moves));
}

} // namespace datasurface::batch
