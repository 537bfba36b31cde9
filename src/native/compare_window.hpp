// Private to the native room: compares the rows of a window with the merge table. No more than the staged rows is kept.
#pragma once

#include "native/compare.hpp"

namespace datasurface::native {

// As compare(). looked_up: whether their keys were looked up in the primary key of the merge table, which costs less than to read the
// table when the staged rows are few.
Comparison compare_window(const heap::Tables &tables, const Limits &limits, std::uint64_t seed, heap::LeftOut left_out,
                          ServerMemory &memory, TemporaryFiles &files, diff::Findings &findings, Progress &progress,
                          bool &looked_up);

} // namespace datasurface::native
