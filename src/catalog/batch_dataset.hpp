#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/batch.hpp"
#include "catalog/watermark.hpp"
#include "merge/plan.hpp"

namespace datasurface::catalog {

struct BatchDataset {
    int dataset_id = 0;
    std::string definition_digest;                  // of the definition that the batch uses
    std::optional<merge::Staged> staged;            // once it is staged
    merge::Mode mode = merge::Mode::whole_snapshot; // what the staged rows are
    std::optional<std::int64_t> received_bytes;     // from a source
    double ingest_seconds = 0;
    bool pulled_through = false;         // its rows were compared as they arrived; else they were staged
    std::string way_reason;              // why they were staged, if they might have been pulled through
    std::optional<NewMark> mark;         // of a pull with a watermark
    std::optional<merge::Result> result; // once it is merged
    double merge_seconds = 0;
    std::optional<std::string> digest; // of the changes of a held batch
};

// With what was found of a held batch; other results are not read.
std::vector<BatchDataset> batch_datasets(const Batch &batch);
// Inserts or updates the rows.
void save_batch_datasets(const Batch &batch, const std::vector<BatchDataset> &datasets);
void forget_batch_datasets(const Batch &batch);

} // namespace datasurface::catalog
