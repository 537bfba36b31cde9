// catalog: our tables as typed rows, one file per subject. It decides nothing.
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
    std::string loaded_by; // the role that loaded the definition it has now
};

std::optional<Store> find_store(const std::string &name); // in the model or not
Store store(int id);
std::vector<Store> stores_in_model();
std::string owner_of_dataset(int dataset_id);

// Its operators and consumers. Read when they are asked for: a batch reads its store each time, and seldom needs these.
model::Access access(int id);

// Writes what the model says of a store, its owner filled in; returns its id.
int save_store(const model::Store &store, const std::string &loaded_by);
void retire_store(int id);

} // namespace datasurface::catalog
