// Private to the native room: parallel workers of a comparison. Each walks units of the two tables, as this process does, into
// a join of its own. What met nobody there, and what differs, it writes to temporary files that are shared; this process
// reads them when all units are done, and what is left of all of them meets in its join. Nothing is written to a table
// while there are workers: parallel mode ends in gather().
#pragma once

#include <string>

#include "diff/join.hpp"
#include "heap/scan.hpp"
#include "native/caller.hpp"
#include "native/compare.hpp"
#include "native/ranges.hpp"
#include "native/walk.hpp"

namespace datasurface::native {

struct Pool; // of workers, with what is shared; plain

class Workers {
public:
    // Starts as many as the limits allow and the size is worth, or none.
    Workers(const heap::Tables &tables, const Limits &limits, Ranges ranges, std::uint64_t seed,
            heap::LeftOut left_out);
    Workers(const Workers &) = delete;
    Workers &operator=(const Workers &) = delete;

    std::uint32_t next_unit(); // to be walked by this process; past the last one when all are taken

    int launched() const;  // workers
    Walked walked() const; // by the workers, so far
    void wait();           // until they are through

    // When they are through: adds what they found, and ends parallel mode.
    void gather(TemporaryFiles &files, diff::Join &join, diff::Findings &findings, Comparison &comparison);

private:
    Pool *pool_ = nullptr;
    std::uint32_t next_ = 0; // without workers
    std::string why_no_more_;
};

} // namespace datasurface::native
