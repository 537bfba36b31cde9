#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/batch.hpp"
#include "merge/plan.hpp"

namespace datasurface::catalog {

struct BatchDataset {
    int dataset_id = 0;
    std::string definition_digest;       // that the batch works by
    std::optional<merge::Staged> staged; // once it is staged
    double ingest_seconds = 0;
    std::optional<merge::Result> result; // once it is merged
    double merge_seconds = 0;
};

// Without results.
std::vector<BatchDataset> batch_datasets(const Batch &batch);
// Writes the rows, new or not.
void save_batch_datasets(const Batch &batch, const std::vector<BatchDataset> &datasets);
void forget_batch_datasets(const Batch &batch);

} // namespace datasurface::catalog
