// Private to definition: which streams a store has, and from which number on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/types.hpp"

namespace datasurface::definition {

struct PlannedStream {
    std::string name;
    std::optional<int> dataset_id; // one dataset; none: all of the store
    int last_batch = 0;
};

// The names that a store's streams have by the model, in the order of its datasets.
std::vector<std::string> stream_names(const model::Store &store);

// Which of the streams that there are leave the model: their positions in `present`.
std::vector<std::size_t> leaving_streams(const std::vector<PlannedStream> &present,
                                         const std::vector<std::string> &wanted);

// dataset_ids: of the store's datasets, in their order. A stream goes on from the largest number that it, or any stream that may
// have had one of its datasets, has used: a dataset that comes from another stream must never see numbers run backwards.
std::vector<PlannedStream> plan_streams(const model::Store &store, const std::vector<int> &dataset_ids,
                                        const std::vector<PlannedStream> &present);

} // namespace datasurface::definition
