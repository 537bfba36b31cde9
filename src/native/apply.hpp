// Private to the native room: writes what a comparison found; and loads an empty merge table without a comparison.
#pragma once

#include "diff/join.hpp"
#include "heap/arriving.hpp"
#include "heap/tables.hpp"
#include "native/engine.hpp"
#include "native/progress.hpp"

namespace datasurface::native {

// The lists of the findings are in the order of the tables. Returns done, changed_meanwhile or key_taken.
Verdict apply(const heap::Tables &tables, diff::Findings &findings, diff::Tape<diff::Pair> &changed,
              Progress &progress);

// Loads all staged rows into an empty merge table. Returns done, key_taken, or unexpected_rows for a NULL in a key or another number of rows.
Verdict load(const heap::Tables &tables, Progress &progress);

// Loads all rows that arrive, and counts them. Returns done, key_taken, or unexpected_rows for a NULL in a key.
Verdict load(const heap::Tables &tables, heap::Arriving &rows, std::int64_t &count, Progress &progress);

} // namespace datasurface::native
