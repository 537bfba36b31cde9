#include "heap/scan.hpp"

#include <algorithm>

#include "heap/image.hpp"
#include "heap/row.hpp"

extern "C" {
#include "access/heapam.h"
#include "storage/bufmgr.h"
}

namespace datasurface::heap {

namespace {

bool is_left_out(const LeftOut &left_out, std::uint64_t place)
{
    return left_out.count > 0 && std::binary_search(left_out.places, left_out.places + left_out.count, place);
}

bool is_staging(const Scan &scan)
{
    return scan.side == 0;
}

// Inlined by force: the compiler takes a function that only prefetches for one without effect, and drops its calls.
[[gnu::always_inline]] inline void prefetch_row(const HeapScanDescData *scan, Page page, unsigned int index)
{
    if (index >= static_cast<unsigned int>(scan->rs_ntuples))
        return;
    const char *const row = page + ItemIdGetOffset(PageGetItemId(page, scan->rs_vistuples[index]));
    __builtin_prefetch(row);
    __builtin_prefetch(row + 64);
    __builtin_prefetch(row + 128);
}

// To digest a row takes about as long as to load it from memory, so rows are prefetched while earlier ones of the page are digested.
// The scan knows which rows of the page it will return.
[[gnu::always_inline]] inline void prefetch_rows_ahead(TableScanDesc of_heap)
{
    constexpr unsigned int ahead = 8;
    auto *const scan = reinterpret_cast<const HeapScanDescData *>(of_heap);
    Page const page = BufferGetPage(scan->rs_cbuf);
    auto const current = static_cast<unsigned int>(scan->rs_cindex);
    if (current == 0)
        for (unsigned int i = 1; i < ahead; ++i)
            prefetch_row(scan, page, i);
    prefetch_row(scan, page, current + ahead);
}

} // namespace

std::uint64_t place_of(ItemPointer tid)
{
    return static_cast<std::uint64_t>(ItemPointerGetBlockNumberNoCheck(tid)) << 16 |
           ItemPointerGetOffsetNumberNoCheck(tid);
}

ItemPointerData tid_of(std::uint64_t place)
{
    ItemPointerData tid;
    ItemPointerSet(&tid, static_cast<BlockNumber>(place >> 16), static_cast<OffsetNumber>(place & 0xffff));
    return tid;
}

Scan *begin_scan(const Tables &tables, const Table &table, std::uint64_t seed, LeftOut left_out)
{
    MemoryContext const old = MemoryContextSwitchTo(tables.context);
    auto *const scan = static_cast<Scan *>(palloc0(sizeof(Scan)));
    scan->tables = &tables;
    scan->table = &table;
    scan->digester = make_digester(tables, table, seed);
    scan->side = &table == &tables.staging ? 0 : diff::merged_side;
    scan->left_out = left_out;
    scan->scratch = AllocSetContextCreate(CurrentMemoryContext, "datasurface scan", ALLOCSET_DEFAULT_SIZES);
    // not synchronized with other scans: both tables must be read from their first block on, for they are in the same order
    scan->scan = table_beginscan_strat(table.relation, tables.snapshot, 0, nullptr, true, false);
    MemoryContextSwitchTo(old);
    return scan;
}

void begin_range(Scan &scan, BlockNumber first, BlockNumber blocks)
{
    if (scan.used)
        table_rescan(scan.scan, nullptr);
    scan.used = true;
    scan.at_end = false;
    heap_setscanlimits(scan.scan, first, blocks);
}

int next_entries(Scan &scan, diff::Entry *entries, int capacity)
{
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(scan.scratch);
    MemoryContext const old = MemoryContextSwitchTo(scan.scratch);
    int filled = 0;
    while (filled < capacity && !scan.at_end) {
        HeapTuple const tuple = heap_getnext(scan.scan, ForwardScanDirection);
        if (tuple == nullptr) {
            scan.at_end = true;
            break;
        }
        prefetch_rows_ahead(scan.scan);
        // rows that arrived after the seal belong to the next batch
        if (is_staging(scan) && arrival_of(tuple) > scan.tables->batch_rows.last_arrival)
            continue;
        scan.rows++;
        std::uint64_t const place = place_of(&tuple->t_self);
        if (is_left_out(scan.left_out, place)) {
            scan.skipped++;
            continue;
        }
        diff::Entry &entry = entries[filled];
        entry.place = place | scan.side;
        bool const has_key = digest(*scan.digester, tuple, entry);
        if (scan.tables->has_deletes && is_staging(scan) && is_delete(*scan.table, scan.tables->columns, tuple))
            entry = diff::deleting(entry);
        if (has_key)
            filled++;
        else
            scan.null_keys++;
        if (scan.scratch->mem_allocated > most_scratch) {
            CHECK_FOR_INTERRUPTS();
            MemoryContextReset(scan.scratch);
        }
    }
    MemoryContextSwitchTo(old);
    return filled;
}

void end_scan(Scan &scan)
{
    table_endscan(scan.scan);
}

} // namespace datasurface::heap
