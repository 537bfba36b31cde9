#pragma once

#include <map>
#include <optional>
#include <string>

#include "model/types.hpp"

namespace datasurface::catalog {

struct Source {
    int id = 0;
    model::Source definition; // with its owner
    bool in_model = true;
};

std::optional<Source> find_source(const std::string &name);                 // in the model or not
std::map<std::string, bool, std::less<>> source_names();                    // true: in the model
int save_source(const model::Source &source, const std::string &loaded_by); // with its owner filled in; returns its id
void retire_source(const std::string &name);
void rename_source(const std::string &from, const std::string &to);

// Makes the rows of a source's connections, and removes those that are too many. A row that a session has locked stays: who takes one
// asks for those that the source has now.
void save_connections(int source_id, std::optional<int> connections);

// Locks one of the source's connections until the transaction ends. Never waits: false when all are taken.
bool take_connection(int source_id, int connections);

} // namespace datasurface::catalog
