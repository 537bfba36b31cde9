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

// started -> ingested. rows: how many there must be. Returns how many there are.
std::int64_t ingest(const Work &work, const catalog::Batch &batch, std::optional<std::int64_t> rows,
                    Progress &progress);

struct Merged {
    std::string dataset;
    catalog::Counts counts;
};

// ingested -> committed
std::vector<Merged> merge(const Work &work, const catalog::Batch &batch, Progress &progress);

} // namespace datasurface::batch
