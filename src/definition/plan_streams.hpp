// Private to definition: which streams a store has, and the number that each continues from.
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

// The names of a store's streams, in the order of its datasets.
std::vector<std::string> stream_names(const model::Store &store);

// The positions in `present` of the streams that leave the model.
std::vector<std::size_t> leaving_streams(const std::vector<PlannedStream> &present,
                                         const std::vector<std::string> &wanted);

// dataset_ids: of the store's datasets, in their order. A stream continues from the largest number that was used by it, or by
// any stream that may have had one of its datasets, so that the batch numbers of a dataset never decrease.
std::vector<PlannedStream> plan_streams(const model::Store &store, const std::vector<int> &dataset_ids,
                                        const std::vector<PlannedStream> &present);

} // namespace datasurface::definition
