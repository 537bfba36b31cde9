// Every call with a batch as it may be found, through every step and fault: rules that hold for all of them, and the picture of the
// machine in the documents.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "batch_walk.hpp"

namespace datasurface::batch {

namespace {

constexpr Call calls[] = {Call::start, Call::ingest, Call::merge, Call::run, Call::reset, Call::fail, Call::leave};

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

TEST(BatchMachine, EveryCallEnds)
{
    EXPECT_EQ(first_path([](const Facts &, const std::string &path) { return has(path, "without end"); }), "");
}

TEST(BatchMachine, ARefusedCallHasDoneNothingToTheBatch)
{
    EXPECT_EQ(first_path([](const Facts &, const std::string &path) {
                  return has(path, "refused") && path.rfind("refused", 0) != 0 && path.rfind("adopt refused", 0) != 0;
              }),
              "");
}

TEST(BatchMachine, WhatIsCommittedWasMergedByTheSameCall)
{
    EXPECT_EQ(first_path([](const Facts &, const std::string &path) {
                  return (has(path, "commit ") && !has(path, "merge commit ")) ||
                         (has(path, "record_check") && !has(path, "merge record_check"));
              }),
              "");
}

TEST(BatchMachine, ABatchThatSomebodyMayAskForIsRecorded)
{
    EXPECT_EQ(first_path([](const Facts &facts, const std::string &path) {
                  bool const asked_for =
                      facts.is_recorded || facts.has_run_id || facts.changed || facts.first_of_stream;
                  return asked_for && has(path, "record_check");
              }),
              "");
}

TEST(BatchMachine, TheDiagramInTheDocumentsIsTheMachine)
{
    Moves moves;
    for (const Facts &facts : every_start())
        for (const Fault &fault : faults)
            if (can_fail(fault, facts.call))
                collect(facts, fault, moves);
    EXPECT_EQ(documented(), lines_of(moves));
}

} // namespace datasurface::batch
