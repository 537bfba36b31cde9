// Batches, what they did to their datasets, and the callers' run ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace datasurface::catalog {

enum class BatchState { started, ingested, held, failed, committed, discarded };

std::string_view word(BatchState state);
inline bool is_open(BatchState state)
{
    return state != BatchState::committed && state != BatchState::discarded;
}

struct Batch {
    int stream_id = 0;
    int id = 0;
    BatchState state = BatchState::started;
    // of a failed batch: the state that a retry goes on from; of any other, its state
    BatchState resume_state = BatchState::started;
    std::optional<Error> error;
    std::string error_step;
    std::string started_at;               // the time at which it was begun, or begun anew
    std::optional<std::string> staged_by; // run id of the run that staged it
};

std::optional<Batch> open_batch(int stream_id);
std::optional<Batch> newest_batch(int stream_id);
// A batch whose row is gone, but a run id of which is still known, is committed: only such batches are forgotten.
std::optional<Batch> find_batch(int stream_id, int batch_id);
std::optional<Batch> batch_of_run(int stream_id, const std::string &run_id);
std::vector<std::string> runs_of_batch(const Batch &batch); // the oldest first

// What a stream had committed at a time.
struct BatchAt {
    std::optional<std::string> checked_at; // newest commit of the stream; none: it has not committed yet
    bool is_final = false;                 // the time is not later than that
    std::optional<int> batch;              // the last one that changed something
};

// time: text that timestamptz reads
BatchAt batch_at(int stream_id, const std::string &time);

Batch insert_batch(int stream_id, int batch_id);
// started, ingested and discarded set their times and clear a recorded error. staged_by: of ingested.
void set_batch_state(const Batch &batch, BatchState state, const std::optional<std::string> &staged_by = std::nullopt);
// Committed, at a time later than any commit of the stream before. The stream's lock must be held.
void commit_batch(const Batch &batch, bool changed);
// resume: the state that a retry goes on from. Long texts are cut.
void fail_batch(const Batch &batch, BatchState resume, const std::string &step, const Error &error);
void record_run(const Batch &batch, const std::string &run_id);

// Forget what is older than so many seconds, at most a few rows in each call, by index. open: the batch that is about to be
// committed, which stays, as do its run ids. Every other batch of the stream is over.
void forget_unchanged_batches(const Batch &open, int seconds);
void forget_runs(const Batch &open, int seconds);

} // namespace datasurface::catalog
