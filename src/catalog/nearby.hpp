// Which parts of the loaded model a document can have to do with, found without reading their definitions one by one.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace datasurface::catalog {

// Workspaces of the model that have one of the schemas, or a sink that names one of the stores.
std::set<std::string> workspaces_near(const std::vector<std::string> &schemas, const std::vector<std::string> &stores);

} // namespace datasurface::catalog
