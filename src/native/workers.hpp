// Private to the native room: parallel workers of a comparison. Each walks units of the two tables, as this process does, into
// a join of its own. It writes rows that met no partner, and differences, to shared temporary files. When all units are done, this
// process reads the files, and joins the rows that are left over. No table is written to while there are workers: parallel mode
// ends in gather().
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

    std::uint32_t next_unit(); // for this process to walk; beyond the last unit when all are taken

    int launched() const;  // workers
    Walked walked() const; // by the workers, so far
    void wait();           // until all workers have ended

    // After wait(): adds what the workers found, and ends parallel mode.
    void gather(TemporaryFiles &files, diff::Join &join, diff::Findings &findings, Comparison &comparison);

private:
    Pool *pool_ = nullptr;
    std::uint32_t next_ = 0; // without workers
    std::string why_no_more_;
};

} // namespace datasurface::native
