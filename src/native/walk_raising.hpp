// Private to the native room: a walk through staging and merge table side by side: its beginning, its end, and what is known before.
#pragma once

#include "heap/scan.hpp"
#include "native/ranges.hpp"

namespace datasurface::native {

struct Walk { // plain
    Ranges ranges;
    heap::Scan *staging;
    heap::Scan *merge;
};

Ranges ranges_of(const heap::Tables &tables);

// The planner's estimate.
std::int64_t rows_estimated(Relation relation);

Walk begin_walk(const heap::Tables &tables, Ranges ranges, std::uint64_t seed, heap::LeftOut left_out);
void end_walk(const Walk &walk);

} // namespace datasurface::native
