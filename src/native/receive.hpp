// Private to the native room: compares rows with the merge table as they arrive, and stages only those that may have changed.
#pragma once

#include "diff/join.hpp"
#include "heap/arriving.hpp"
#include "heap/tables.hpp"
#include "native/caller.hpp"
#include "native/engine.hpp"
#include "native/progress.hpp"

namespace datasurface::native {

// The next rows. Throws when their query has written something: that would have been done before the merge table was read, were the rows
// staged.
heap::ArrivingRows next_of(heap::Arriving &rows);

// Whether the digests of the merge table fit into the memory, by an estimate. PostgreSQL's statistics may be wrong: see receive().
bool may_fit(const heap::Tables &tables, const Limits &limits);

struct Received {
    const char *odd =
        nullptr; // what is odd about the rows, or with them: then they have to be staged. Nothing else is set
    std::int64_t rows = 0;
    std::int64_t unchanged = 0;
    merge::Staged kept; // in the staging table, which the tables' snapshot does not see yet
};

// Reads the merge table, and then the rows to their end. Their differences go to the findings.
Received receive(const heap::Tables &tables, const shape::Shape &shape, const Limits &limits, std::uint64_t seed,
                 heap::Arriving &rows, ServerMemory &memory, diff::Findings &findings, Progress &progress);

} // namespace datasurface::native
