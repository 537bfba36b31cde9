#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/types.hpp"

namespace datasurface::catalog {

struct Dataset {
    int id = 0;
    int store_id = 0;
    std::string name;
    std::string definition;                       // JSON
    std::string definition_digest;                // of its behaviour: without descriptions
    std::optional<std::string> reconciled_digest; // that its tables were made by
    bool in_model = true;
};

// In the model, by name. `only`: one of them.
std::vector<Dataset> datasets_of_store(int store_id);
std::vector<Dataset> datasets_of_stream(int store_id, std::optional<int> only);
// That a batch has a record of, in the model or not.
std::vector<Dataset> datasets_of_batch(int stream_id, int batch_id);
// In the model or not.
std::optional<Dataset> find_dataset(int store_id, const std::string &name);

int save_dataset(int store_id, const model::Dataset &dataset, const std::string &digest);
// All datasets of the store but those named leave the model.
void retire_other_datasets(int store_id, const std::vector<std::string> &kept);
// digest: of the definition that the tables were made by, for the model may have changed since it was read.
void set_reconciled(int dataset_id, const std::string &digest);

} // namespace datasurface::catalog
