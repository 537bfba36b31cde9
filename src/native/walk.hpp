// Private to the native room: reads staging and merge table side by side, range by range, into the kernel.
#pragma once

#include "diff/join.hpp"
#include "native/walk_raising.hpp"

namespace datasurface::native {

// The number of entries that wait in a join when both tables are in the same order: those of one range.
constexpr std::uint64_t rows_of_a_range = 8192;

// Work of one or more processes so far, for the progress view.
struct Walked {
    std::int64_t blocks;
    std::int64_t rows;
    std::int64_t spilled; // bytes, to temporary files
};

// Reads a range of one table.
void read(heap::Scan &scan, Range range, diff::Join &join);

// Reads a range of both tables, staging first. Returns how many blocks these were.
std::uint32_t walk_range(const Walk &walk, std::uint32_t range, diff::Join &join);

} // namespace datasurface::native
