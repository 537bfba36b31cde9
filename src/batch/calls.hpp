// The calls that take one step or set a batch's state. The comments of the SQL functions with these names explain them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "batch/work.hpp"

namespace datasurface::batch {

int start(const std::string &stream, const std::optional<std::string> &run_id);
std::int64_t ingest(const std::string &stream, int batch, std::optional<std::int64_t> rows);

struct Merged {
    std::string dataset;
    merge::Result result;
};
std::vector<Merged> merge_staging(const std::string &stream, int batch);

std::string reset(const std::string &stream, int batch, const std::string &if_committed);
void fail(const std::string &stream, int batch, const std::string &reason);

// ds_release_batch: publishes a held batch if its changes are still those that were held. Returns DONE, or HELD if they are others.
std::string release(const std::string &stream, int batch, const std::string &reason);
// ds_discard_batch: removes the staged rows of a held batch.
void discard(const std::string &stream, int batch, const std::string &reason);

// Called for a locked stream whose batch is held, once a model is saved that changes its store. A held pull goes back to started if its
// datasets have changed.
void adapt_to_model(const catalog::Stream &locked, const catalog::Store &store);

// Called for a locked stream of the store that leaves the model. Discards its open batch. Throws SF013 when that has staged rows.
void leave_model(const catalog::Stream &locked, const catalog::Store &store);

} // namespace datasurface::batch
