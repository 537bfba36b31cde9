// Loads a chunk of a first load into a merge table that consumers do not see yet. This header includes no header of PostgreSQL.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "heap/arriving.hpp"
#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::native {

struct LoadedChunk {
    std::string refused;    // why the rows have to be staged; then nothing was read or written
    bool too_large = false; // more rows came than that; it must be rolled back
    std::int64_t rows = 0;
    std::int64_t skipped = 0; // of keys that are there: another chunk has brought them
};

// The rows get the number of the plan's batch. As the owner of the tables, which are locked. open: makes the rows; nullptr if they cannot be
// read that way. most: rows that may come; 0: any number. Throws SF021 for a NULL in a key.
LoadedChunk load_chunk(const merge::Plan &plan, const pg::Snapshot &snapshot,
                       const std::function<std::unique_ptr<heap::Arriving>()> &open, std::int64_t most);

} // namespace datasurface::native
