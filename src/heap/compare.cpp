#include "heap/compare.hpp"

#include "heap/ranges.hpp"

extern "C" {
#include "common/pg_prng.h"
#include "port.h"
#include "storage/bufmgr.h"
}

namespace datasurface::heap {

namespace {

constexpr int batch_rows = 512;
constexpr std::uint64_t rows_of_a_range = 8192;

std::uint64_t draw_seed()
{
    std::uint64_t seed = 0;
    if (!pg_strong_random(&seed, sizeof seed))
        ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not draw a random number")));
    return seed;
}

struct Plan { // plain
    Ranges ranges;
    Scan *staging;
    Scan *merge;
};

Plan make_plan(const Tables &tables, LeftOut left_out)
{
    std::uint64_t const seed = draw_seed();
    return {{RelationGetNumberOfBlocks(tables.staging.relation), RelationGetNumberOfBlocks(tables.merge.relation)},
            begin_scan(tables, tables.staging, seed, left_out),
            begin_scan(tables, tables.merge, seed, {nullptr, 0})};
}

void read_range(Scan &scan, Range range, diff::Join &join)
{
    if (range.blocks == 0)
        return;
    pg::call([&] { begin_range(scan, range.first, range.blocks); });
    diff::Entry entries[batch_rows];
    for (;;) {
        int const filled = pg::call([&] { return next_entries(scan, entries, batch_rows); });
        if (filled == 0)
            return;
        join.add(entries, static_cast<std::size_t>(filled));
    }
}

} // namespace

Comparison compare(const Tables &tables, const Request &request, LeftOut left_out, ServerMemory &memory,
                   TemporaryFiles &files, diff::Findings &findings)
{
    Plan const plan = pg::call([&] { return make_plan(tables, left_out); });
    // what waits is about one range of one table, when the tables lie in the same order
    auto const expected = std::min<std::uint64_t>(static_cast<std::uint64_t>(request.staged), rows_of_a_range);
    diff::Join join(memory, files, request.memory, expected, findings);
    for (std::uint32_t range = 0; range < plan.ranges.count(); ++range) {
        read_range(*plan.staging, plan.ranges.staging(range), join);
        read_range(*plan.merge, plan.ranges.merge(range), join);
    }
    join.finish();
    pg::call([&] {
        end_scan(*plan.staging);
        end_scan(*plan.merge);
    });
    Comparison comparison;
    comparison.counts = join.counts();
    comparison.staged = plan.staging->rows;
    comparison.null_keys = plan.staging->null_keys;
    comparison.left_out = plan.staging->skipped;
    return comparison;
}

} // namespace datasurface::heap
