#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/types.hpp"

namespace datasurface::catalog {

struct Workspace {
    int id = 0;
    std::string name;
    std::string schema;
    std::string owner;
    std::string definition; // JSON
};

std::optional<Workspace> find_workspace(const std::string &name); // in the model or not
std::vector<Workspace> workspaces_in_model();
int save_workspace(const model::Workspace &workspace, const std::string &owner);
void retire_workspace(const std::string &name);

} // namespace datasurface::catalog
