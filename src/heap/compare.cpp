#include "heap/compare.hpp"

#include "heap/walk.hpp"
#include "heap/workers.hpp"

extern "C" {
#include "port.h"
#include "storage/bufmgr.h"
}

namespace datasurface::heap {

namespace {

Ranges ranges_of(const Tables &tables)
{
    return {RelationGetNumberOfBlocks(tables.staging.relation), RelationGetNumberOfBlocks(tables.merge.relation)};
}

} // namespace

std::uint64_t draw_seed()
{
    return pg::call([] {
        std::uint64_t seed = 0;
        if (!pg_strong_random(&seed, sizeof seed))
            ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not draw a random number")));
        return seed;
    });
}

Comparison compare(const Tables &tables, const Request &request, std::uint64_t seed, LeftOut left_out,
                   ServerMemory &memory, TemporaryFiles &files, diff::Findings &findings)
{
    Ranges const ranges = pg::call([&] { return ranges_of(tables); });
    auto const expected = std::min<std::uint64_t>(static_cast<std::uint64_t>(request.staged), rows_of_a_range);
    diff::Join join(memory, files, request.memory, expected, findings);
    Comparison comparison;
    Workers workers(tables, request, ranges, seed, left_out);
    Walk const walk = pg::call([&] { return begin_walk(tables, ranges, seed, left_out); });
    for (std::uint32_t unit = workers.next_unit(); unit < ranges.units(); unit = workers.next_unit())
        for (std::uint32_t range = unit * Ranges::ranges_of_a_unit; range < ranges.end_of_unit(unit); ++range)
            walk_range(walk, range, join);
    pg::call([&] { end_walk(walk); });
    workers.gather(files, join, findings, comparison);
    join.finish();
    comparison.unchanged += static_cast<std::int64_t>(join.counts().unchanged);
    comparison.staged += walk.staging->rows;
    comparison.null_keys += walk.staging->null_keys;
    comparison.left_out += walk.staging->skipped;
    return comparison;
}

} // namespace datasurface::heap
