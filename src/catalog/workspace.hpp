#pragma once

#include <map>
#include <optional>
#include <set>
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
    std::string loaded_by;  // the role that loaded this definition
};

std::optional<Workspace> find_workspace(const std::string &name); // in the model or not
std::optional<Workspace> workspace(int id);
std::vector<Workspace> workspaces_in_model();
// Of the model, whose sinks name the store.
std::vector<Workspace> workspaces_naming(const std::string &store);
// In the model or not: those that have views on datasets of the store.
std::set<int> workspaces_with_views_on(int store_id);
std::map<std::string, bool, std::less<>> workspace_names(); // true: in the model
std::vector<Workspace> former_workspaces();                 // that left the model, and have views or readers
// Writes a workspace of the model, with its owner filled in; returns its id.
int save_workspace(const model::Workspace &workspace, const std::string &loaded_by);
void retire_workspace(const std::string &name);
void rename_workspace(const std::string &from, const std::string &to);

} // namespace datasurface::catalog
