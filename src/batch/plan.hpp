// batch: the state machine; the only room that decides what commits.
//
// This file is the machine as a value. A call loads the facts of its stream and batch once, under the stream's lock. next()
// names the step that follows from them, or the answer, or the refusal. The caller executes the step, lets after() note what
// came of it, and asks again. docs/concepts.md shows the machine; a test compares that page with this file.
#pragma once

#include <optional>
#include <string_view>

#include "batch/plan_state.hpp"

namespace datasurface::batch {

// What is asked for. preview: nothing is changed. adapt: a model is loaded that changes the stream. leave: one that the stream is no longer part of.
enum class Call { start, ingest, merge, run, reset, fail, preview, release, discard, adapt, leave };

enum class Step {
    answer,         // nothing is left to do
    refuse,         // raise an error; nothing is changed
    open,           // begin the stream's next batch
    adopt,          // record the run id with the open batch
    start_over,     // -> started: the staged rows must not be published
    pull_through,   // started -> merged: rows are compared as they arrive, and only changed ones are staged
    ingest,         // started -> ingested
    merge,          // ingested -> merged, a state that no other transaction sees
    commit,         // merged -> committed
    hold,           // ingested -> held: the merge was stopped, and is rolled back
    replace,        // held -> discarded, and the stream's next batch begins
    keep_held,      // the batch that was to be replaced stays held, and the new one never was
    record_check,   // nothing has changed and no batch is needed: none is recorded
    record_failure, // -> failed
    raise,          // raise the error of the step that failed; nothing is changed
    clear,          // empty the staging tables; back to started
    discard         // -> discarded
};

enum class Refusal {
    not_open,       // the batch named is not the open one of the stream
    batch_is_open,  // a batch is open already
    no_batch,       // rows are pushed, and no batch is open
    not_sealed,     // rows are pushed, and the open batch is not sealed
    other_run,      // rows were pushed by another run
    not_started,    // ds_ingest of a batch that is ingested already
    not_ingested,   // ds_merge_staging of a batch with nothing staged
    not_held,       // ds_release_batch or ds_discard_batch of a batch that is not held
    model_changed,  // the batch is held, and the model has changed since
    is_committed,   // ds_reset_batch
    has_staged_rows // a stream that leaves the model
};

// What ds_run answers.
enum class Outcome { done, keep_working, held, failed };

std::string_view word(Outcome outcome);

// How a step failed. outdated: the staged rows are not those that were pulled, or not what the model wants.
// odd: a pull through has to be staged instead; what it did is undone.
enum class Failure { none, outdated, odd, other };

// How a merge was stopped by what it would change. same: the changes are those of the batch that is held.
enum class Stop { none, hold, same };

// Whose the batch is by the run ids recorded with it, as the caller sees it.
enum class Owner { nobody, caller, another };

struct Facts {
    Call call = Call::run;
    bool pushed = false; // rows are staged by others and sealed; else they are pulled

    // The batch that the call names, or that its run id belongs to; else the open one; else none.
    std::optional<State> state;
    bool ingested = false;      // its rows are staged and counted, so that a merge may follow
    bool is_open_batch = false; // it is the open batch of the stream
    bool is_recorded = false;   // it is in the catalog
    Owner owner = Owner::nobody;
    bool staged_by_caller = false; // an earlier call with this run id staged its rows
    bool model_changed = false;    // of a held batch: since its rows were staged

    bool has_run_id = false;
    bool replaces_held = false;    // a run pulls anew while the stream's batch is held
    bool was_odd = false;          // this call has tried to, in vain
    bool may_pull_through = false; // a run pulls, and nothing speaks against comparing rows as they arrive
    bool first_of_stream = false;  // the stream has never committed a batch
    bool has_staged_rows = false;  // leave: its staging tables are not empty
    bool ignore_committed = false; // reset
    bool has_budget = false;
    bool out_of_time = false; // the budget is used up

    // What this call has done.
    bool answered = false;     // its last step is done
    bool staged = false;       // it has staged the rows
    bool merged = false;       // it has merged them
    bool changed = false;      // the merge has changed something
    bool started_over = false; // the rows were outdated; it pulls them again
    bool replaced = false;     // it has begun a batch in place of the one that is held
    Stop stop = Stop::none;    // of its merge
    Failure failure = Failure::none;
};

struct Next {
    Step step = Step::answer;
    Refusal refusal = Refusal::not_open; // of refuse
    Outcome outcome = Outcome::done;     // of answer

    bool operator==(const Next &) const = default;
};

Next next(const Facts &facts);

// What came of a step, if the plan depends on it.
struct Effect {
    Failure failure = Failure::none; // none: the step is done
    bool changed = false;            // merge: it has changed something
    Stop stop = Stop::none;          // merge: it has not, for it was stopped
};

// The facts after the step.
Facts after(Facts facts, Step step, const Effect &effect);

} // namespace datasurface::batch
