// Private to the native room: compares staging and merge table by the digests of their rows.
#pragma once

#include "diff/join.hpp"
#include "heap/scan.hpp"
#include "native/caller.hpp"
#include "native/engine.hpp"
#include "native/progress.hpp"

namespace datasurface::native {

// Counts of a comparison. Its differences are in diff::Findings.
struct Comparison {
    std::int64_t unchanged = 0;
    std::int64_t staged = 0;    // rows seen, of which these were not compared:
    std::int64_t null_keys = 0; // rows whose key holds a NULL
    std::int64_t left_out = 0;
    int workers = 0;
    std::string why_no_more;
};

// What each list of differences may take of a budget of bytes.
constexpr std::size_t list_share(std::size_t budget)
{
    return budget / 16;
}

// limit: bytes of memory of each list; the rest goes to files.
inline diff::Findings make_findings(ServerMemory &memory, TemporaryFiles &files, std::size_t limit)
{
    return {{memory, files, limit}, {memory, files, limit}, {memory, files, limit},
            {memory, files, limit}, {memory, files, limit}, {memory, files, limit}};
}

Comparison compare(const heap::Tables &tables, const Limits &limits, std::uint64_t seed, heap::LeftOut left_out,
                   ServerMemory &memory, TemporaryFiles &files, diff::Findings &findings, Progress &progress);

} // namespace datasurface::native
