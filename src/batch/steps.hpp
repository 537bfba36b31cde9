// The steps of a batch, executed. Each changes the values of its work, or throws and leaves them as they were.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "batch/work.hpp"

namespace datasurface::batch {

// Where a step is, to be told of when it fails: "ingest of dataset orders".
struct Progress {
    std::string step;
};

// Begins the stream's next batch. Throws 54000 when its numbers are used up, SF003.
void open(Work &work);
// Back to started: the batch forgets what it has staged, and its error.
void begin_anew(Work &work);
// started -> ingested. rows: how many there must be.
void ingest(Work &work, std::optional<std::int64_t> rows, Progress &progress);
// ingested -> merged. Sets facts.changed.
void merge(Work &work, Progress &progress);
// merged -> committed. Purges a few old batches and run ids.
void commit(Work &work);
// -> failed
void record_failure(Work &work, const std::string &step, const Error &error);
// Empties the staging tables of what the batch has staged, and begins it anew.
void clear(Work &work);
void discard(Work &work);

std::int64_t staged_rows(const Work &work); // over all datasets

} // namespace datasurface::batch
