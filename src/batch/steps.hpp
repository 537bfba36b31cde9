// Executes the steps of a batch. Each changes the values of its work. One that throws leaves the batch and its records as they were; it
// may have made or renewed shapes, and a merge that a rule makes fail keeps the findings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "batch/work.hpp"

namespace datasurface::batch {

// The current step, for its error: "ingest of dataset orders".
struct Progress {
    std::string step;
    // A pull through has taken its locks, and rows arrive: what fails from now on may go well when they are staged.
    bool receives = false;
    bool has_received = false; // the same of a source, and rows have come
};

// Begins the stream's next batch. Throws 54000 when its numbers are used up, SF003.
void open(Work &work);
// -> started. Removes the record of staged rows and the error.
void start_over(Work &work);
// started -> merged: the rows of a pull are compared as they arrive. Throws for anything odd: then they have to be staged.
Effect pull_through(Work &work, Progress &progress);
// started -> ingested. rows: how many there must be.
void ingest(Work &work, std::optional<std::int64_t> rows, Progress &progress);
// ingested -> merged, or stopped by a rule: then the merge is rolled back. Throws SF041 for a rule that makes the batch fail.
Effect merge(Work &work, Progress &progress);
// -> held. Purges as a commit does, if it is in place of another.
void hold(Work &work);
// The held batch is discarded, and the next one begins.
void replace(Work &work);
// The held batch stays, with the rows that are staged now. If none are, because the pull failed, it stays as it was.
void keep_held(Work &work);
// merged -> committed. Purges a few old batches and run ids.
void commit(Work &work);
// Nothing has changed, and no batch is recorded.
void record_check(Work &work);
// -> failed
void record_failure(Work &work, const std::string &step, const Error &error);
// Deletes the rows that the batch has staged, and starts it over.
void clear(Work &work);
void discard(Work &work);

std::int64_t staged_rows(const Work &work); // over all datasets

} // namespace datasurface::batch
