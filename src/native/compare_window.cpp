#include "native/compare_window.hpp"

#include "native/look_up_raising.hpp"
#include "native/order.hpp"
#include "native/walk.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "storage/bufmgr.h"
}

namespace datasurface::native {

namespace {

constexpr std::uint32_t blocks_at_once = 64; // between two reports of progress
constexpr int keys_at_once = 256;

struct Sizes {
    std::uint32_t staging; // blocks
    std::uint32_t merge;
    bool look_up;
};

Sizes sizes_of(const heap::Tables &tables)
{
    return pg::call([&] {
        bool const look_up = is_better_looked_up(static_cast<double>(tables.batch_rows.rows),
                                                 size_of_merge_table(tables), cost_settings(tables));
        return Sizes{RelationGetNumberOfBlocks(tables.staging.relation),
                     RelationGetNumberOfBlocks(tables.merge.relation), look_up};
    });
}

void begin(Progress &progress, const heap::Tables &tables, const Sizes &sizes)
{
    progress.phase = Phase::comparing;
    progress.blocks_total = std::int64_t{sizes.staging} + (sizes.look_up ? 0 : sizes.merge);
    progress.blocks_done = 0;
    progress.rows_total = tables.batch_rows.rows;
    if (!sizes.look_up)
        progress.rows_total += pg::call([&] { return rows_estimated(tables.merge.relation); });
    progress.rows_done = 0;
    progress.changes_total = not_known;
    progress.changes_done = 0;
    progress.workers = 0;
    show(progress);
}

// What a table was found to have.
struct Seen {
    std::int64_t rows;
    std::int64_t null_keys;
    std::int64_t left_out;
};

Seen read_all(const heap::Tables &tables, const heap::Table &table, std::uint64_t seed, heap::LeftOut left_out,
              std::uint32_t blocks, diff::Join &join, Progress &progress)
{
    heap::Scan *const scan = pg::call([&] { return heap::begin_scan(tables, table, seed, left_out); });
    std::int64_t const rows_before = progress.rows_done;
    for (std::uint32_t first = 0; first < blocks; first += blocks_at_once) {
        std::uint32_t const some = std::min(blocks - first, blocks_at_once);
        read(*scan, {first, some}, join);
        progress.blocks_done += some;
        progress.rows_done = rows_before + scan->rows;
        show(progress);
        pg::stop_point("merge.comparing");
    }
    Seen const seen{scan->rows, scan->null_keys, scan->skipped};
    pg::call([&] { heap::end_scan(*scan); });
    return seen;
}

// Looks up the staged rows at these places. to_change: gets those whose key is there and that change its row; others: those whose key is
// not there. Returns how many change nothing.
std::int64_t look_up_all(LookUp &how, diff::Tape<std::uint64_t> &places, bool deletes,
                         diff::Tape<diff::Pair> &to_change, diff::Tape<std::uint64_t> &others)
{
    std::uint64_t staged[keys_at_once], merged[keys_at_once];
    LookedUp found[keys_at_once];
    std::int64_t unchanged = 0;
    places.rewind();
    while (std::size_t const count = places.read(staged, keys_at_once)) {
        pg::call([&] { look_up(how, staged, static_cast<int>(count), deletes, found, merged); });
        for (std::size_t i = 0; i < count; ++i) {
            if (found[i] == LookedUp::unchanged)
                ++unchanged;
            else if (found[i] == LookedUp::absent)
                others.append(staged[i]);
            else
                to_change.append({staged[i], merged[i]});
        }
    }
    return unchanged;
}

// staged: all rows of the window, as if the merge table were empty.
std::int64_t look_up_staged(const heap::Tables &tables, std::size_t memory, diff::Findings &staged,
                            diff::Findings &findings)
{
    put_in_order(staged.inserted, memory); // each page of the staging table is visited once
    put_in_order(staged.absent, memory);
    LookUp *const how = pg::call([&] { return begin_look_up(tables); });
    std::int64_t const unchanged = look_up_all(*how, staged.inserted, false, findings.changed, findings.inserted);
    (void)look_up_all(*how, staged.absent, true, findings.to_delete, findings.absent);
    pg::call([&] { end_look_up(*how); });
    return unchanged;
}

void move_all(diff::Tape<std::uint64_t> &from, diff::Tape<std::uint64_t> &to)
{
    std::uint64_t items[keys_at_once];
    from.rewind();
    while (std::size_t const count = from.read(items, keys_at_once))
        for (std::size_t i = 0; i < count; ++i)
            to.append(items[i]);
    from.clear();
}

} // namespace

Comparison compare_window(const heap::Tables &tables, const Limits &limits, std::uint64_t seed, heap::LeftOut left_out,
                          ServerMemory &memory, TemporaryFiles &files, diff::Findings &findings, Progress &progress,
                          bool &looked_up)
{
    Sizes const sizes = sizes_of(tables);
    looked_up = sizes.look_up;
    begin(progress, tables, sizes);
    diff::Findings staged = make_findings(memory, files, list_share(limits.memory));
    auto const expected = std::min<std::uint64_t>(static_cast<std::uint64_t>(tables.batch_rows.rows), rows_of_a_range);
    diff::Join join(memory, files, limits.memory, expected, looked_up ? staged : findings);
    join.look_for_staged_only();
    Seen const window = read_all(tables, tables.staging, seed, left_out, sizes.staging, join, progress);
    if (!looked_up)
        (void)read_all(tables, tables.merge, seed, {nullptr, 0}, sizes.merge, join, progress);
    progress.spilled = static_cast<std::int64_t>(files.written());
    show(progress);
    pg::stop_point("merge.joining");
    join.finish();
    Comparison comparison;
    comparison.staged = window.rows;
    comparison.null_keys = window.null_keys;
    comparison.left_out = window.left_out;
    comparison.unchanged = static_cast<std::int64_t>(join.counts().unchanged);
    if (looked_up && staged.staged_twice.size() > 0)
        move_all(staged.staged_twice, findings.staged_twice); // then this comparison is not the last
    else if (looked_up)
        comparison.unchanged = look_up_staged(tables, limits.memory, staged, findings);
    for (diff::Tape<std::uint64_t> *const list : {&staged.inserted, &staged.absent})
        list->clear();
    comparison.unchanged += static_cast<std::int64_t>(findings.absent.size());
    return comparison;
}

} // namespace datasurface::native
