// USAGE on schemas of views that reconcile granted to readers of workspaces.
#pragma once

#include <map>
#include <set>
#include <string>

namespace datasurface::catalog {

// By schema.
std::map<std::string, std::set<std::string>> schema_readers(int workspace_id);
// Of a schema, for other workspaces.
std::set<std::string> schema_readers_of_others(int workspace_id, const std::string &schema);

void save_schema_reader(int workspace_id, const std::string &schema, const std::string &role);
void forget_schema_reader(int workspace_id, const std::string &schema, const std::string &role);

} // namespace datasurface::catalog
