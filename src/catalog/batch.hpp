// Batches and the callers' run ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "batch/plan_state.hpp"
#include "remote/plan_session.hpp"

namespace datasurface::catalog {

// What came from a source: all rows are of one snapshot there.
struct Received {
    remote::Identity snapshot;
    std::int64_t bytes = 0;
};

// Times are texts that timestamptz reads.
struct Batch {
    int stream_id = 0;
    int id = 0;
    batch::State state = batch::State::started;
    bool ingested = false;       // its rows are staged and counted; also of a batch that failed after that
    std::optional<bool> changed; // of a committed batch: true if it changed rows
    std::optional<Error> error;
    std::string error_step;
    std::string started_at; // the time of its start or last restart
    std::optional<std::string> ingested_at;
    std::optional<std::string> finished_at;
    std::optional<std::string> staged_by; // run id of the run that staged its rows
    std::optional<std::string> held_at;   // of a held batch
    std::optional<Received> received;     // if its rows come from a source, once they are staged
    bool is_recorded = false;             // its row exists
};

std::optional<Batch> open_batch(int stream_id);
std::optional<Batch> newest_batch(int stream_id);
std::optional<Batch> find_batch(int stream_id, int batch_id);
// A run id may outlive the row of its batch. Then is_recorded is false, and the batch is committed, for no other is forgotten.
std::optional<Batch> batch_of_run(int stream_id, const std::string &run_id);
bool has_runs(int stream_id, int batch_id);
std::vector<std::string> runs_of_batch(const Batch &batch); // the oldest first

// The batch that was committed when the stream was last checked; none: a check without a batch came later.
std::optional<int> batch_of_last_check(int stream_id);

// What a stream had committed at some time. A dataset's stream goes on with the batches of the store's stream, which carried the
// dataset before or since.
struct BatchAt {
    std::optional<std::string> checked_at; // newest commit or check of the stream; none: not committed or checked yet
    bool is_final = false;                 // the time is not later than checked_at
    std::optional<int> batch;              // the last batch that changed rows
    bool of_one_dataset = false; // the batch is of a dataset that had a stream of its own, and not of the whole store
};

// time: text that timestamptz reads
BatchAt batch_at(int stream_id, const std::string &time);

// Inserts or updates the row.
void save_batch(const Batch &batch);
// Tells listeners on the channel datasurface of the batch's state, when the transaction commits.
void announce(const std::string &stream, const Batch &batch);
// Also moves the run id from another batch of the stream, which this one replaces.
void record_run(const Batch &batch, const std::string &run_id);

struct OldBatch {
    int id = 0;
    bool is_discarded = false; // else it is committed
};
// The oldest batches that have published nothing, for they changed nothing or were discarded, and ended more than so many seconds ago.
// Uses an index.
std::vector<OldBatch> old_idle_batches(int stream_id, int seconds, int limit);
// Its run ids go with a discarded batch, for a run id that outlives its batch stands for a committed one.
void forget_batch(int stream_id, const OldBatch &batch);
struct Run {
    std::string id;
    int batch = 0;
};
std::vector<Run> old_runs(int stream_id, int seconds, int limit); // the oldest first; uses an index
void forget_run(int stream_id, const std::string &run_id);

} // namespace datasurface::catalog
