// Fills a staging table without an INSERT: the rows that the executor gives go into the table many at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "pg/spi.hpp"
#include "shape/tables.hpp"

namespace datasurface::heap {

struct Filled {
    std::int64_t rows = 0;
    std::int64_t last_arrival = 0; // 0 without rows
};

// Writes what the query sees in the snapshot. query: a SELECT of the dataset's columns, in their order, that runs as the current
// role. Nothing when the table or the query needs the whole of an INSERT; then nothing was written.
std::optional<Filled> fill(const shape::Shape &shape, const sqltext::Statement &query, const pg::Snapshot &snapshot);

} // namespace datasurface::heap
