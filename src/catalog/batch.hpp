// Batches and the callers' run ids.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "batch/plan_state.hpp"

namespace datasurface::catalog {

// Times are texts that timestamptz reads.
struct Batch {
    int stream_id = 0;
    int id = 0;
    batch::State state = batch::State::started;
    batch::State resume_state =
        batch::State::started;   // of a failed batch: where a retry goes on; of another: its state
    std::optional<bool> changed; // of a committed batch: whether it changed anything
    std::optional<Error> error;
    std::string error_step;
    std::string started_at; // when it began, or last began anew
    std::optional<std::string> ingested_at;
    std::optional<std::string> finished_at;
    std::optional<std::string> staged_by; // run id of the run that staged it
    bool is_recorded = false;             // its row is there
};

std::optional<Batch> open_batch(int stream_id);
std::optional<Batch> newest_batch(int stream_id);
std::optional<Batch> find_batch(int stream_id, int batch_id);
// A run id may outlive the row of its batch: then only the batch's number is known, and is_recorded is false.
std::optional<Batch> batch_of_run(int stream_id, const std::string &run_id);
bool has_runs(int stream_id, int batch_id);
std::vector<std::string> runs_of_batch(const Batch &batch); // the oldest first

// What a stream had committed at a time.
struct BatchAt {
    std::optional<std::string> checked_at; // newest commit or check of the stream; none: there was none yet
    bool is_final = false;                 // the time is not later than that
    std::optional<int> batch;              // the last one that changed something
};

// time: text that timestamptz reads
BatchAt batch_at(int stream_id, const std::string &time);

// Writes the row, new or not.
void save_batch(const Batch &batch);
void record_run(const Batch &batch, const std::string &run_id);

// The numbers of the oldest committed batches that changed nothing and are older than so many seconds, by index.
std::vector<int> old_unchanged_batches(int stream_id, int seconds, int limit);
void forget_batch(int stream_id, int batch_id);
struct Run {
    std::string id;
    int batch = 0;
};
std::vector<Run> old_runs(int stream_id, int seconds, int limit); // the oldest first, by index
void forget_run(int stream_id, const std::string &run_id);

} // namespace datasurface::catalog
