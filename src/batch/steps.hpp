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

// started -> ingested. rows: how many there must be. Returns how many there are.
std::int64_t ingest(const Work &work, const catalog::Batch &batch, std::optional<std::int64_t> rows);

struct Merged {
    std::string dataset;
    catalog::Counts counts;
};

// ingested -> committed
std::vector<Merged> merge(const Work &work, const catalog::Batch &batch);

} // namespace datasurface::batch
