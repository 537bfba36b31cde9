#include "definition/datasets_before.hpp"

#include <optional>
#include <utility>

namespace datasurface::definition {

DatasetsBefore::DatasetsBefore(int store_id) : store_id_(store_id)
{
    for (catalog::Dataset &dataset : catalog::datasets_of_store(store_id)) {
        std::string name = dataset.name;
        in_model_.emplace(std::move(name), std::move(dataset));
    }
}

const catalog::Dataset *DatasetsBefore::find(const std::string &name)
{
    if (auto const known = in_model_.find(name); known != in_model_.end())
        return &known->second;
    std::optional<catalog::Dataset> other = catalog::find_dataset(store_id_, name);
    if (!other)
        return nullptr;
    return &others_.insert_or_assign(name, *std::move(other)).first->second;
}

} // namespace datasurface::definition
