// catalog: our tables as typed rows, one file per subject. It decides nothing.
#pragma once

#include <map>
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
    std::string loaded_by;   // the role that loaded its current definition
    std::string source = {}; // the name of the source that its datasets are pulled from; empty: this database
};

std::optional<Store> find_store(const std::string &name); // in the model or not
Store store(int id);
std::vector<Store> stores_in_model();
std::map<std::string, bool, std::less<>> store_names(); // true: in the model
std::optional<Store> find_store_in_model(const std::string &name);
std::vector<Store> stores_of_source(const std::string &source); // in the model, pulled from it

// Waits until no other transaction has called this for the store, and keeps others waiting until this one ends. It locks no row, so
// it is in nobody else's way. Answers false when that takes longer than datasurface.ddl_lock_timeout.
bool wait_for_store(const std::string &name);

// Its operators and consumers. Read separately: every batch reads its store, and few need these.
model::Access access(int id);

// Writes a store of the model, with its owner filled in; returns its id.
int save_store(const model::Store &store, const std::string &loaded_by);
void retire_store(int id);
void rename_store(int id, const std::string &name);

} // namespace datasurface::catalog
