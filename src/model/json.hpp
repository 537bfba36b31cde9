// Private to the model: the JSON tree, and how text becomes one. Only the .cpp files that take a tree apart include
// the whole library, because it costs seconds wherever it is included.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "model/report.hpp"

namespace datasurface::model {

using Json = nlohmann::json;

// False after a syntax error, which is reported with its line and column. Duplicate members and NUL characters are
// reported too; the tree is whole then.
bool read_tree(std::string_view text, Json &tree, Report &report);

} // namespace datasurface::model
