// Private to the native room: a walk through staging and merge table side by side, into the kernel.
#pragma once

#include "diff/join.hpp"
#include "heap/scan.hpp"
#include "native/ranges.hpp"

namespace datasurface::native {

// How many entries wait in a join at once when both tables are in the same order: those of a range.
constexpr std::uint64_t rows_of_a_range = 8192;

struct Walk { // plain
    Ranges ranges;
    heap::Scan *staging;
    heap::Scan *merge;
};

// What one or more processes have done so far, for the progress that is shown.
struct Walked {
    std::int64_t blocks;
    std::int64_t rows;
    std::int64_t spilled; // bytes, to temporary files
};

// PostgreSQL's regime.
Walk begin_walk(const heap::Tables &tables, Ranges ranges, std::uint64_t seed, heap::LeftOut left_out);
void end_walk(const Walk &walk);

// C++'s regime: reads a range of both tables, staging first. Returns how many blocks these were.
std::uint32_t walk_range(const Walk &walk, std::uint32_t range, diff::Join &join);

} // namespace datasurface::native
