// Private to definition: the datasets of a loaded store, by name. Those of the model are read at once, others when they are asked for.
#pragma once

#include <map>
#include <string>

#include "catalog/dataset.hpp"

namespace datasurface::definition {

class DatasetsBefore {
public:
    explicit DatasetsBefore(int store_id);

    // In the model or not; nullptr: there is none. Valid as long as this object.
    const catalog::Dataset *find(const std::string &name);

    const std::map<std::string, catalog::Dataset> &in_model() const { return in_model_; }

private:
    int store_id_;
    std::map<std::string, catalog::Dataset> in_model_;
    std::map<std::string, catalog::Dataset> others_;
};

} // namespace datasurface::definition
