// Every call with a batch as it may be found, through every step and fault: rules that hold for all of them, and the picture of the
// machine in the documents.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "batch_walk.hpp"

namespace datasurface::batch {

namespace {

constexpr Call calls[] = {Call::start, Call::ingest,  Call::merge,   Call::run,   Call::reset,
                          Call::fail,  Call::release, Call::discard, Call::adapt, Call::leave};

// Every combination of the facts that a call may find.
std::vector<Facts> every_start()
{
    std::vector<Facts> all;
    // the state, and whether its rows are ingested
    const std::vector<std::pair<State, bool>> batches = {{State::started, false},  {State::ingested, true},
                                                         {State::held, true},      {State::failed, false},
                                                         {State::failed, true},    {State::committed, false},
                                                         {State::discarded, false}};
    for (Call const call : calls)
        for (int bits = 0; bits < 512; ++bits) {
            Facts facts = stream(call, bits & 1);
            facts.has_run_id = bits & 2;
            facts.staged_by_caller = facts.has_run_id && (bits & 4);
            facts.has_budget = bits & 8;
            facts.out_of_time = facts.has_budget && (bits & 16);
            facts.has_staged_rows = bits & 32;
            facts.ignore_committed = bits & 64;
            facts.first_of_stream = bits & 128;
            facts.may_pull_through = (bits & 256) && call == Call::run && !facts.pushed;
            all.push_back(facts);
            for (const auto &[state, ingested] : batches) {
                Facts with = with_batch(facts, state, ingested);
                for (Owner const owner : {Owner::nobody, Owner::caller, Owner::another})
                    for (int const held : {0, 1, 2, 3}) {
                        with.owner = with.has_run_id ? owner : Owner::nobody;
                        with.replaces_held = !with.pushed && (held & 1);
                        with.model_changed = state == State::held && (held & 2);
                        all.push_back(with);
                    }
            }
        }
    return all;
}

// Every fault of an ingest and of a merge, together with every other.
std::vector<Script> every_script(Call call)
{
    std::vector<Script> all;
    for (Stop const stop : {Stop::hold, Stop::same})
        all.push_back({{}, true, stop});
    for (bool const changes : {false, true}) {
        all.push_back({{}, changes});
        if (call != Call::run && call != Call::release) // errors of other calls are raised
            continue;
        for (Failure const ingest : {Failure::none, Failure::outdated, Failure::other})
            for (Failure const merge : {Failure::none, Failure::outdated, Failure::other})
                for (bool const persists : {false, true})
                    for (Failure const through : {Failure::none, Failure::odd})
                        all.push_back({{{Step::pull_through, {through, persists}},
                                        {Step::ingest, {ingest, persists}},
                                        {Step::merge, {merge, persists}}},
                                       changes});
    }
    return all;
}

std::string end_of(const std::optional<State> &state)
{
    return state ? std::string(word(*state)) : "[*]";
}

std::string sql_name(Call call)
{
    constexpr const char *names[] = {"ds_start_batch",   "ds_ingest",     "ds_merge_staging", "ds_run",
                                     "ds_reset_batch",   "ds_fail_batch", "ds_preview_batch", "ds_release_batch",
                                     "ds_discard_batch", "ds_load_model", "ds_load_model"};
    return names[static_cast<int>(call)];
}

// "started --> ingested" to the calls that can do it.
using Moves = std::map<std::string, std::set<Call>>;

void collect(Facts facts, Script script, Moves &moves)
{
    constexpr Step ends[] = {Step::answer, Step::refuse, Step::raise};
    for (Next step = next(facts); std::find(std::begin(ends), std::end(ends), step.step) == std::end(ends);
         step = next(facts)) {
        Facts const then = executed(facts, step.step, script);
        if (step.step == Step::record_check)
            moves["[*] --> [*]"].insert(facts.call);
        else if (step.step == Step::replace) // and the next batch begins, if it is not the same again
            moves["held --> discarded"].insert(facts.call);
        else if (step.step == Step::keep_held)
            moves["held --> held"].insert(facts.call);
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
        for (const Script &script : every_script(facts.call)) {
            std::string const path = walk(facts, script);
            if (forbidden(facts, script, path))
                return path;
        }
    return "";
}

bool has(const std::string &path, const std::string &part)
{
    return path.find(part) != std::string::npos;
}

} // namespace

TEST(BatchMachine, EveryCallEnds)
{
    EXPECT_EQ(first_path(
                  [](const Facts &, const Script &, const std::string &path) { return has(path, "without end"); }),
              "");
}

TEST(BatchMachine, ACallPullsAtMostTwice)
{
    EXPECT_EQ(first_path([](const Facts &, const Script &, const std::string &path) {
                  std::size_t const first = path.find(" ingest"), again = path.find(" ingest", first + 1);
                  return first != std::string::npos && again != std::string::npos &&
                         path.find(" ingest", again + 1) != std::string::npos;
              }),
              "");
}

TEST(BatchMachine, ARefusedCallHasDoneNothingToTheBatch)
{
    EXPECT_EQ(first_path([](const Facts &, const Script &, const std::string &path) {
                  return has(path, "refused") && path.rfind("refused", 0) != 0 && path.rfind("adopt refused", 0) != 0;
              }),
              "");
}

TEST(BatchMachine, WhatIsCommittedWasMergedByTheSameCall)
{
    EXPECT_EQ(first_path([](const Facts &, const Script &, const std::string &path) {
                  auto const without = [&](const std::string &end) {
                      return has(path, end) && !has(path, "merge " + end) && !has(path, "pull_through " + end);
                  };
                  return without("commit ") || without("record_check");
              }),
              "");
}

TEST(BatchMachine, WhatWasStoppedIsNeverCommitted)
{
    EXPECT_EQ(first_path([](const Facts &, const Script &script, const std::string &path) {
                  return script.stop != Stop::none && (has(path, "commit ") || has(path, "record_check"));
              }),
              "");
}

// A run never publishes the rows that were held: it pulls anew, or waits.
TEST(BatchMachine, OnlyAReleasePublishesWhatWasHeld)
{
    EXPECT_EQ(first_path([](const Facts &facts, const Script &, const std::string &path) {
                  bool const pulled_anew = has(path, "replace ingest") || has(path, "start_over ingest") ||
                                           has(path, "start_over adopt ingest") ||
                                           has(path, "start_over pull_through") ||
                                           has(path, "start_over adopt pull_through");
                  return facts.state == State::held && facts.call != Call::release && has(path, "merge ") &&
                         !pulled_anew;
              }),
              "");
}

TEST(BatchMachine, ABatchThatSomebodyMayAskForIsRecorded)
{
    EXPECT_EQ(first_path([](const Facts &facts, const Script &script, const std::string &path) {
                  bool const asked_for =
                      facts.is_recorded || facts.has_run_id || script.changes || facts.first_of_stream;
                  // a held batch that was replaced stays recorded itself
                  return asked_for && has(path, "record_check") && !has(path, "replace ");
              }),
              "");
}

TEST(BatchMachine, TheDiagramInTheDocumentsIsTheMachine)
{
    Moves moves;
    for (const Facts &facts : every_start())
        for (const Script &script : every_script(facts.call))
            collect(facts, script, moves);
    EXPECT_EQ(documented(), lines_of(moves));
}

} // namespace datasurface::batch
