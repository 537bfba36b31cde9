// Loads chunks of a first load into the merge table of a dataset, which consumers do not see yet.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "heap/arriving.hpp"
#include "native/load_chunk.hpp"
#include "pg/spi.hpp"
#include "shape/tables.hpp"

namespace datasurface::merge {

// Rows of a chunk belong to no batch.
inline constexpr int batch_of_load = 0;

// As the tables' owner; see native::load_chunk.
native::LoadedChunk load_chunk(const shape::Shape &shape, const pg::Snapshot &snapshot,
                               const std::function<std::unique_ptr<heap::Arriving>()> &open, std::int64_t most);

// Loads the staged rows whose key is not there yet, by an INSERT, and counts them. Throws what that raises.
std::int64_t load_staged(const shape::Shape &shape);

// Removes all rows of the merge table: by TRUNCATE, if nobody else has a lock on it.
void clear_load(const shape::Shape &shape);

} // namespace datasurface::merge
