// Private to the native room: lists of rows in the order in which the rows lie, so that pages are visited once and new rows
// keep the order that they were staged in.
#pragma once

#include <cstdint>

#include "diff/tape.hpp"

namespace datasurface::native {

// memory: bytes for sorting; beyond it in temporary files.
void put_in_order(diff::Tape<std::uint64_t> &places, std::size_t memory);

} // namespace datasurface::native
