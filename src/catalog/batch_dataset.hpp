#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/batch.hpp"

namespace datasurface::catalog {

struct BatchDataset {
    int dataset_id = 0;
    std::string definition_digest; // that the batch works by
    std::int64_t staged = 0;
    std::int64_t last_arrival = 0;
};

struct Counts {
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t deleted = 0;
    std::int64_t unchanged = 0;
    std::int64_t surplus = 0;

    bool changed() const { return inserted > 0 || updated > 0 || deleted > 0; }
};

// What merged it.
struct Engine {
    std::string name; // native, sql
    std::string why;  // of sql: why not native; of native: why fewer workers than asked for. May be empty
    int workers = 0;  // parallel workers that took part
};

std::vector<BatchDataset> batch_datasets(const Batch &batch);
// Begins anew: the datasets of the batch and the definitions it works by, nothing staged.
void save_batch_datasets(const Batch &batch, const std::vector<BatchDataset> &datasets);
void record_staged(const Batch &batch, int dataset_id, std::int64_t staged, std::int64_t last_arrival, double seconds);
void record_counts(const Batch &batch, int dataset_id, const Counts &counts, const Engine &engine, double seconds);

} // namespace datasurface::catalog
