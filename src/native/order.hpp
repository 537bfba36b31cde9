// Private to the native room: sorts a list of rows by their place in the table, so that each page is visited once and new rows
// keep the order in which they were staged.
#pragma once

#include <cstdint>

#include "diff/tape.hpp"

namespace datasurface::native {

// memory: bytes; a larger list is sorted in temporary files.
void put_in_order(diff::Tape<std::uint64_t> &places, std::size_t memory);

} // namespace datasurface::native
