// The steps of a batch. Each changes the state, or throws and leaves everything to be rolled back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "batch/work.hpp"

namespace datasurface::batch {

// Opens the next batch of a stream that has none open.
catalog::Batch open_batch(const Work &work, const std::optional<std::string> &run_id);

// Where a step is, to be told of when it fails: "ingest of dataset orders".
struct Progress {
    std::string step;
};

// What an ingest is asked for.
struct Wanted {
    std::optional<std::int64_t> rows;     // how many there must be
    std::optional<std::string> staged_by; // run id that may publish them without a new pull
};

// started -> ingested. Returns how many rows there are.
std::int64_t ingest(const Work &work, const catalog::Batch &batch, const Wanted &wanted, Progress &progress);

struct Merged {
    std::string dataset;
    merge::Result counts;
};

// ingested -> committed
std::vector<Merged> merge(const Work &work, const catalog::Batch &batch, Progress &progress);

// Records why a step failed. Pushed rows stay as they are, and a retry goes on with them; a pull begins anew, because
// whoever tries again gets the source's rows of then.
void record_failure(const catalog::Batch &batch, bool pushed, const std::string &step, const Error &error);

} // namespace datasurface::batch
