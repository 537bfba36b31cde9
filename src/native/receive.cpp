#include "native/receive.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "diff/known.hpp"
#include "heap/fill.hpp"
#include "heap/scan.hpp"
#include "native/receive_raising.hpp"
#include "native/walk_raising.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "access/xact.h"
#include "storage/bufmgr.h"
}

namespace datasurface::native {

namespace {

constexpr const char *too_many_rows = "the digests of the merge table do not fit into datasurface.merge_work_mem";
constexpr const char *key_twice = "a key comes twice";
constexpr const char *key_null = "a key holds a NULL";
constexpr const char *needs_insert = "the staging table needs an INSERT";

constexpr int entries_at_once = 512;
constexpr BlockNumber blocks_at_once = 64; // between two reports of progress

// One pass over the rows that arrive.
class Reception {
public:
    Reception(diff::Known &known, heap::Filler &filler, diff::Findings &findings)
        : known_(known), filler_(filler), findings_(findings)
    {
    }

    // Returns what is odd, or nullptr.
    const char *take(Receiver &receiver, const heap::ArrivingRows &rows, Received &received);

private:
    void keep(HeapTupleData *row, const diff::Met &met);
    void stage();

    diff::Known &known_;
    heap::Filler &filler_;
    diff::Findings &findings_;
    HeapTupleData *kept_[heap::arriving_batch];
    diff::Met met_of_kept_[heap::arriving_batch];
    int kept_count_ = 0;
};

const char *Reception::take(Receiver &receiver, const heap::ArrivingRows &rows, Received &received)
{
    diff::Entry entries[heap::arriving_batch];
    diff::Met met[heap::arriving_batch];
    if (!pg::call([&] { return digest_rows(receiver, rows, entries); }))
        return key_null;
    if (!known_.meet(entries, static_cast<std::size_t>(rows.count), met))
        return too_many_rows;
    for (int i = 0; i < rows.count; ++i) {
        if (met[i].meeting == diff::Meeting::twice)
            return key_twice;
        if (met[i].meeting == diff::Meeting::unchanged)
            received.unchanged++;
        else
            keep(rows.rows[i], met[i]);
    }
    stage();
    received.rows += rows.count;
    return nullptr;
}

void Reception::keep(HeapTupleData *row, const diff::Met &met)
{
    kept_[kept_count_] = row;
    met_of_kept_[kept_count_] = met;
    ++kept_count_;
}

void Reception::stage()
{
    if (kept_count_ == 0)
        return;
    std::uint64_t places[heap::arriving_batch];
    pg::call([&] { heap::fill_rows(filler_, {kept_, kept_count_}, places); });
    for (int i = 0; i < kept_count_; ++i) {
        if (met_of_kept_[i].meeting == diff::Meeting::inserted)
            findings_.inserted.append(places[i]);
        else
            findings_.changed.append({places[i], met_of_kept_[i].merged});
    }
    kept_count_ = 0;
}

// False when they are too many.
bool read_merge_table(const heap::Tables &tables, std::uint64_t seed, diff::Known &known, Progress &progress)
{
    heap::Scan *const scan = pg::call([&] { return heap::begin_scan(tables, tables.merge, seed, {nullptr, 0}); });
    BlockNumber const blocks = pg::call([&] { return RelationGetNumberOfBlocks(tables.merge.relation); });
    diff::Entry entries[entries_at_once];
    bool fits = true;
    for (BlockNumber first = 0; first < blocks && fits; first += blocks_at_once) {
        BlockNumber const count = Min(blocks - first, blocks_at_once);
        pg::call([&] { heap::begin_range(*scan, first, count); });
        while (int const filled =
                   fits ? pg::call([&] { return heap::next_entries(*scan, entries, entries_at_once); }) : 0)
            fits = known.add(entries, static_cast<std::size_t>(filled));
        progress.blocks_done += count;
        progress.rows_done = scan->rows;
        show(progress);
    }
    pg::call([&] { heap::end_scan(*scan); });
    return fits;
}

Received odd(const char *what)
{
    Received received;
    received.odd = what;
    return received;
}

} // namespace

heap::ArrivingRows next_of(heap::Arriving &rows)
{
    CommandId const before = pg::call([] { return GetCurrentCommandId(false); });
    heap::ArrivingRows const next = rows.next();
    if (pg::call([] { return GetCurrentCommandId(false); }) != before)
        throw Error(sqlstate::feature_not_supported, "the rows have to be staged", "The query has written something.");
    return next;
}

bool may_fit(const heap::Tables &tables, const Limits &limits)
{
    std::int64_t const rows = pg::call([&] { return rows_estimated(tables.merge.relation); });
    return static_cast<std::size_t>(rows) * sizeof(diff::Entry) * 16 / 11 <=
           limits.memory; // as full as the kernel's table may be
}

Received receive(const heap::Tables &tables, const shape::Shape &shape, const Limits &limits, std::uint64_t seed,
                 heap::Arriving &rows, ServerMemory &memory, diff::Findings &findings, Progress &progress)
{
    Received received;
    auto const expected = pg::call([&] { return rows_estimated(tables.merge.relation); });
    diff::Known known(memory, limits.memory, static_cast<std::uint64_t>(expected));
    progress.phase = Phase::comparing;
    progress.blocks_total = pg::call([&] { return RelationGetNumberOfBlocks(tables.merge.relation); });
    progress.blocks_done = 0;
    show(progress);
    if (!read_merge_table(tables, seed, known, progress))
        return odd(too_many_rows);
    heap::Filler *const filler = pg::call([&] { return heap::begin_filling(shape); });
    if (filler == nullptr)
        return odd(needs_insert);
    Receiver *const receiver = pg::call([&] { return begin_receiving(tables, seed); });
    Reception reception(known, *filler, findings);
    progress.phase = Phase::receiving;
    note_received(progress, rows, 0);
    show(progress); // a source may take long before the first row
    std::int64_t const merged = progress.rows_done;
    for (heap::ArrivingRows next = next_of(rows); next.count > 0; next = next_of(rows)) {
        if (const char *const what = reception.take(*receiver, next, received))
            return odd(what);
        progress.rows_done = merged + received.rows;
        note_received(progress, rows, next.count);
        show(progress);
        pg::stop_point("merge.receiving");
    }
    received.kept = pg::call([&] { return heap::end_filling(*filler); });
    known.finish(findings.deleted);
    return received;
}

} // namespace datasurface::native
