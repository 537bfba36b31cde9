// catalog: our tables as typed rows, one file per table. It decides nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/types.hpp"

namespace datasurface::catalog {

struct Store {
    int id = 0;
    std::string name;
    std::string schema;
    std::string owner;
    model::Consistency consistency = model::Consistency::multi;
};

std::optional<Store> find_store(const std::string &name); // in the model or not
Store store(int id);
std::vector<Store> stores_in_model();

// Writes what the model says of a store; returns its id.
int save_store(const model::Store &store, const std::string &owner);
void retire_store(const std::string &name);

} // namespace datasurface::catalog
