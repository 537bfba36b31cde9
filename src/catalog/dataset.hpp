#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/types.hpp"

namespace datasurface::catalog {

struct Dataset {
    int id = 0;
    int store_id = 0;
    std::string name;
    std::string definition;                       // JSON; empty in rows of datasets_of_stream
    std::string definition_digest;                // of the definition without descriptions
    std::string tables_digest;                    // of the parts of the definition that its tables depend on
    std::optional<std::string> reconciled_digest; // the tables_digest of the last reconcile
    bool in_model = true;
    std::string rules_digest;                     // of the definition's brakes, checks and references
    std::map<int, std::string> made_columns = {}; // by id: the names in the tables; empty where the definition is
    int history_from = 0;                         // the first batch that as-of can answer for
    int last_column_id = 0;                       // the largest id that a column ever had
    bool unpublished = false; // its first load in chunks is not closed: views and as-of show nothing
    int published_from = 0;   // the batch that closed it; 0: it was never loaded in chunks

    bool is_reconciled() const { return reconciled_digest == tables_digest; }
};

// Datasets in the model, by name. only: the id of one of them.
std::vector<Dataset> datasets_of_store(int store_id);
// Without definitions, for a batch has mostly kept what it needs of them: see kept.hpp.
std::vector<Dataset> datasets_of_stream(int store_id, std::optional<int> only);
// The rows with these ids, in no order, with their definitions.
std::vector<Dataset> datasets_by_id(const std::vector<int> &ids);
// The datasets that a batch has records of, in the model or not.
std::vector<Dataset> datasets_of_batch(int stream_id, int batch_id);
// Datasets in the model or not.
std::optional<Dataset> find_dataset(int store_id, const std::string &name);

// As its row says now.
bool is_reconciled(int dataset_id);

// Locks its row until the transaction ends. Never waits: false when another transaction has the lock.
bool lock_dataset(int dataset_id);

// Gives ids to the columns of datasets that an earlier version loaded.
void number_columns(int store_id);
// The names of all datasets of a store; true for those in the model.
std::map<std::string, bool, std::less<>> dataset_names(int store_id);
void rename_dataset(int dataset_id, const std::string &name);

// digest, tables_digest, rules_digest: as above. The columns have their ids.
int save_dataset(int store_id, const model::Dataset &dataset, const std::string &digest,
                 const std::string &tables_digest, const std::string &rules_digest, int last_column_id);
void set_definition_digest(int dataset_id, const std::string &digest);
// Its first load in chunks begins, or begins anew: it has no versions of before.
// A dataset of the stream is in its first load.
bool any_unpublished(int store_id, std::optional<int> only);
// Of a dataset that nobody has loaded anything of: its tables are empty, or not there.
void begin_unpublished(int dataset_id);
// That load is closed by this batch.
void set_published(int dataset_id, int batch);
// All datasets of the store but those named leave the model.
void retire_other_datasets(int store_id, const std::vector<std::string> &kept);
// What reconcile made of a dataset's tables.
struct MadeTables {
    std::optional<std::string> digest; // of the definition that they match; none: changes wait
    std::map<int, std::string> columns;
    int history_from = 0;
};

void set_reconciled(int dataset_id, const MadeTables &made);

} // namespace datasurface::catalog
