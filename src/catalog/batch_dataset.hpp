#pragma once

#include <string>
#include <vector>

#include "catalog/batch.hpp"
#include "merge/plan.hpp"

namespace datasurface::catalog {

struct BatchDataset {
    int dataset_id = 0;
    std::string definition_digest; // that the batch works by
    merge::Staged staged;
};

std::vector<BatchDataset> batch_datasets(const Batch &batch);
// Begins anew: the datasets of the batch and the definitions it works by, nothing staged.
void save_batch_datasets(const Batch &batch, const std::vector<BatchDataset> &datasets);
void record_staged(const Batch &batch, int dataset_id, const merge::Staged &staged, double seconds);
void record_result(const Batch &batch, int dataset_id, const merge::Result &result, double seconds);

} // namespace datasurface::catalog
