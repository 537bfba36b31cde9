// Datasets that have left the model, whose tables are kept until somebody drops them; and what is forgotten of one then.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/store.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::catalog {

struct Orphan {
    int store_id = 0;
    std::string store;
    std::string dataset;
    std::vector<sqltext::Qualified> tables; // that we made for it
};

// Those that have tables, by store and dataset. store: of this one alone.
std::vector<Orphan> orphans(const std::optional<std::string> &store);

// The number of an open batch of the stream that has records of the dataset.
std::optional<int> open_batch_with(int stream_id, int dataset_id);

// The row of the dataset, with the records of its tables and views.
void forget_dataset(int dataset_id);
// What the batches of a stream record of one of several datasets. The batches are kept.
void forget_in_batches(int stream_id, int dataset_id);
// The stream with its batches, run ids, findings and decisions.
void forget_stream(int stream_id);
// The store, if it has left the model and has no dataset any more. True: it is gone; its streams are to be forgotten.
bool forget_empty_store(int store_id);

} // namespace datasurface::catalog
