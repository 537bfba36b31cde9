// Model values to JSON text.
#pragma once

#include <string>

#include "model/types.hpp"

namespace datasurface::model {

// The canonical JSON of one part, with sorted members, defaults written out: what the catalog keeps and digests.
std::string to_json(const Store &store); // with its datasets
std::string to_json(const Dataset &dataset);
std::string to_json(const Workspace &workspace);

// The same without descriptions: two datasets with equal text of this are ingested, stored and merged alike.
std::string behaviour_json(const Dataset &dataset);

// The part of that on which the dataset's tables depend.
std::string tables_json(const Dataset &dataset);

// What a store says of its operators and consumers, and nothing else of it.
std::string access_json(const Access &access);

} // namespace datasurface::model
