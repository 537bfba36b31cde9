#include "native/apply.hpp"

#include "heap/write.hpp"
#include "native/receive.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "storage/bufmgr.h"
}

namespace datasurface::native {

namespace {

// Writes a list batch by batch, and stops at the first that fails.
template <class Item>
heap::Written write_all(heap::Writer &writer, diff::Tape<Item> &list, Phase phase, Progress &progress,
                        heap::Written (*write)(heap::Writer &, const Item *, int))
{
    progress.phase = phase;
    show(progress);
    Item items[heap::write_batch];
    list.rewind();
    while (std::size_t const count = list.read(items, heap::write_batch)) {
        heap::Written const written = pg::call([&] { return write(writer, items, static_cast<int>(count)); });
        if (written != heap::Written::done)
            return written;
        progress.changes_done += static_cast<std::int64_t>(count);
        show(progress);
    }
    return heap::Written::done;
}

heap::Writer *begin(const heap::Tables &tables)
{
    return pg::call([&] {
        BlockNumber const blocks = RelationGetNumberOfBlocks(tables.staging.relation);
        return heap::begin_writing(tables, blocks > static_cast<BlockNumber>(NBuffers / 4));
    });
}

Verdict verdict_of(heap::Written written)
{
    return written == heap::Written::done        ? Verdict::done
           : written == heap::Written::key_taken ? Verdict::key_taken
                                                 : Verdict::changed_meanwhile;
}

} // namespace

// Deletes come first and inserts last: when a row gives up a unique value, a later one may take it.
Verdict apply(const heap::Tables &tables, diff::Findings &findings, diff::Tape<diff::Pair> &changed, Progress &progress)
{
    std::uint64_t const changes = changed.size() + findings.deleted.size() + findings.inserted.size();
    if (changes == 0)
        return Verdict::done;
    progress.changes_total = static_cast<std::int64_t>(changes);
    progress.changes_done = 0;
    heap::Writer *const writer = begin(tables);
    heap::Written written = write_all(*writer, findings.deleted, Phase::deleting, progress, heap::delete_rows);
    pg::stop_point("merge.deleted");
    if (written == heap::Written::done)
        written = write_all(*writer, changed, Phase::updating, progress, heap::update_rows);
    pg::stop_point("merge.updated");
    if (written == heap::Written::done)
        written = write_all(*writer, findings.inserted, Phase::inserting, progress, heap::insert_rows);
    pg::stop_point("merge.inserted");
    pg::call([&] { heap::end_writing(*writer); });
    return verdict_of(written);
}

// All rows are new. The index of the primary key finds keys that are there twice. load_next: loads some rows.
template <class LoadNext>
heap::Loaded load_all(Progress &progress, Phase phase, std::int64_t expected, LoadNext load_next)
{
    progress.phase = phase;
    progress.rows_total = expected;
    progress.changes_total = expected;
    show(progress);
    heap::Loaded all{};
    while (all.written == heap::Written::done && !all.null_key && !all.at_end) {
        heap::Loaded const loaded = load_next();
        std::int64_t const rows = all.rows + loaded.rows;
        all = loaded;
        all.rows = rows;
        progress.rows_done = rows;
        progress.changes_done = rows;
        show(progress);
        pg::stop_point("merge.loading");
    }
    return all;
}

Verdict load(const heap::Tables &tables, Progress &progress)
{
    heap::Writer *const writer = begin(tables);
    TableScanDesc const scan = pg::call(
        [&] { return table_beginscan_strat(tables.staging.relation, tables.snapshot, 0, nullptr, true, false); });
    std::int64_t const expected = tables.batch_rows.rows;
    heap::Loaded const loaded = load_all(progress, Phase::loading, expected,
                                         [&] { return pg::call([&] { return heap::load_rows(*writer, scan); }); });
    pg::call([&] {
        table_endscan(scan);
        heap::end_writing(*writer);
    });
    if (loaded.written != heap::Written::done)
        return verdict_of(loaded.written);
    return loaded.null_key || loaded.rows != expected ? Verdict::unexpected_rows : Verdict::done;
}

Verdict load(const heap::Tables &tables, heap::Arriving &rows, std::int64_t &count, Progress &progress)
{
    heap::Writer *const writer = pg::call([&] { return heap::begin_writing(tables, true); });
    note_received(progress, rows, 0);
    heap::Loaded const loaded = load_all(progress, Phase::receiving, not_known, [&] {
        heap::ArrivingRows const next = next_of(rows);
        note_received(progress, rows, next.count);
        return pg::call([&] { return heap::load_arriving(*writer, next); });
    });
    pg::call([&] { heap::end_writing(*writer); });
    count = loaded.rows;
    if (loaded.written != heap::Written::done)
        return verdict_of(loaded.written);
    return loaded.null_key ? Verdict::unexpected_rows : Verdict::done;
}

} // namespace datasurface::native
