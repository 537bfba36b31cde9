#include "native/compare.hpp"

#include "native/walk.hpp"
#include "native/workers.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "port.h"
}

namespace datasurface::native {

namespace {

void begin(Progress &progress, const heap::Tables &tables, const Ranges &ranges, int workers)
{
    progress.phase = Phase::comparing;
    progress.blocks_total = std::int64_t{ranges.staging_blocks} + ranges.merge_blocks;
    progress.blocks_done = 0;
    progress.rows_total = tables.batch_rows.rows + pg::call([&] { return rows_estimated(tables.merge.relation); });
    progress.rows_done = 0;
    progress.changes_total = not_known;
    progress.changes_done = 0;
    progress.workers = workers;
    show(progress);
}

void show_walked(Progress &progress, const Walked &own, const Walked &others)
{
    progress.blocks_done = own.blocks + others.blocks;
    progress.rows_done = own.rows + others.rows;
    progress.spilled = own.spilled + others.spilled;
    show(progress);
}

// Walks what the workers leave to this process, and waits until they are through.
void walk_units(const Walk &walk, Workers &workers, diff::Join &join, const TemporaryFiles &files, Progress &progress)
{
    Walked own{};
    for (std::uint32_t unit = workers.next_unit(); unit < walk.ranges.units(); unit = workers.next_unit()) {
        for (std::uint32_t range = unit * Ranges::ranges_of_a_unit; range < walk.ranges.end_of_unit(unit); ++range) {
            own.blocks += walk_range(walk, range, join);
            own.rows = walk.staging->rows + walk.merge->rows;
            own.spilled = static_cast<std::int64_t>(files.written());
            show_walked(progress, own, workers.walked());
            pg::stop_point("merge.comparing");
        }
    }
    workers.wait();
    show_walked(progress, own, workers.walked());
}

} // namespace

Comparison compare(const heap::Tables &tables, const Limits &limits, std::uint64_t seed, heap::LeftOut left_out,
                   ServerMemory &memory, TemporaryFiles &files, diff::Findings &findings, Progress &progress)
{
    Ranges const ranges = pg::call([&] { return ranges_of(tables); });
    auto const expected = std::min<std::uint64_t>(static_cast<std::uint64_t>(tables.batch_rows.rows), rows_of_a_range);
    diff::Join join(memory, files, limits.memory, expected, findings);
    Comparison comparison;
    Workers workers(tables, limits, ranges, seed, left_out);
    Walk const walk = pg::call([&] { return begin_walk(tables, ranges, seed, left_out); });
    begin(progress, tables, ranges, workers.launched());
    walk_units(walk, workers, join, files, progress);
    pg::call([&] { end_walk(walk); });
    if (progress.spilled > 0) {
        progress.phase = Phase::joining;
        show(progress);
    }
    pg::stop_point("merge.joining");
    workers.gather(files, join, findings, comparison);
    join.finish();
    comparison.unchanged += static_cast<std::int64_t>(join.counts().unchanged);
    comparison.staged += walk.staging->rows;
    comparison.null_keys += walk.staging->null_keys;
    comparison.left_out += walk.staging->skipped;
    return comparison;
}

} // namespace datasurface::native
