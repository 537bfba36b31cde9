// The calls that take one step, or set a batch's state. The functions of these names in SQL, which tells what each is for.
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

// A stream, locked, leaves the model. Its open batch is discarded. Throws SF013 when that has rows staged.
void leave_model(const catalog::Stream &locked);

} // namespace datasurface::batch
