// A call of a batch, carried through by its plan without a server.
#pragma once

#include <map>
#include <string>

#include "batch/plan.hpp"

namespace datasurface::batch {

// A stream without a batch.
inline Facts stream(Call call, bool pushed)
{
    Facts facts;
    facts.call = call;
    facts.pushed = pushed;
    return facts;
}

inline Facts with_batch(Facts facts, State state, bool ingested)
{
    facts.state = state;
    facts.ingested = ingested;
    facts.is_recorded = true;
    facts.is_open_batch = is_open(state);
    return facts;
}

struct Fault {
    Failure failure;
    bool persists = false; // each time; else the first time
};

// What comes of the steps of a call.
struct Script {
    std::map<Step, Fault> faults; // of an ingest or merge
    bool changes = false;         // a merge changes something
    Stop stop = Stop::none;       // of a merge
};

inline Facts executed(const Facts &facts, Step step, Script &script)
{
    Effect effect;
    if (step == Step::pull_through) {
        effect.changed = script.changes;
        effect.failure = script.stop != Stop::none ? Failure::odd : Failure::none;
    }
    if (step == Step::merge) {
        effect.changed = script.changes && script.stop == Stop::none;
        effect.stop = script.stop;
    }
    auto const fault = script.faults.find(step);
    if (fault != script.faults.end()) {
        effect.failure = fault->second.failure;
        if (!fault->second.persists)
            script.faults.erase(fault);
    }
    return after(facts, step, effect);
}

inline const std::map<Step, std::string> step_names = {
    {Step::open, "open"},
    {Step::adopt, "adopt"},
    {Step::start_over, "start_over"},
    {Step::pull_through, "pull_through"},
    {Step::ingest, "ingest"},
    {Step::merge, "merge"},
    {Step::commit, "commit"},
    {Step::hold, "hold"},
    {Step::replace, "replace"},
    {Step::keep_held, "keep_held"},
    {Step::raise, "raise"},
    {Step::record_check, "record_check"},
    {Step::record_failure, "record_failure"},
    {Step::clear, "clear"},
    {Step::discard, "discard"},
};

inline const std::map<Refusal, std::string> refusal_names = {
    {Refusal::not_open, "not_open"},
    {Refusal::batch_is_open, "batch_is_open"},
    {Refusal::no_batch, "no_batch"},
    {Refusal::not_sealed, "not_sealed"},
    {Refusal::other_run, "other_run"},
    {Refusal::not_started, "not_started"},
    {Refusal::not_ingested, "not_ingested"},
    {Refusal::not_held, "not_held"},
    {Refusal::model_changed, "model_changed"},
    {Refusal::is_committed, "is_committed"},
    {Refusal::has_staged_rows, "has_staged_rows"},
};

// A call carried through, as "open ingest merge commit: DONE" or "refused: not_open".
inline std::string walk(Facts facts, Script script = {})
{
    std::string path;
    for (int steps = 0; steps < 20; ++steps) {
        Next const step = next(facts);
        if (step.step == Step::refuse)
            return path + "refused: " + refusal_names.at(step.refusal);
        if (step.step == Step::answer)
            return path + std::string(word(step.outcome));
        path += step_names.at(step.step) + " ";
        if (step.step == Step::raise)
            return path;
        facts = executed(facts, step.step, script);
    }
    return path + "without end";
}

} // namespace datasurface::batch
