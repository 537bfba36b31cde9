#include "native/changes_raising.hpp"

#include "heap/row.hpp"
#include "heap/scan.hpp"

extern "C" {
#include "access/heapam.h"
#include "access/tableam.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
}

namespace datasurface::native {

Reader *begin_reading(const heap::Tables &tables, const heap::Table &table, heap::Side side, std::uint64_t seed)
{
    MemoryContext const outer = MemoryContextSwitchTo(tables.context);
    TupleDesc const descriptor = RelationGetDescr(table.relation);
    auto const attributes = static_cast<Size>(descriptor->natts);
    auto *const reader = static_cast<Reader *>(palloc0(sizeof(Reader)));
    reader->table = &table;
    reader->snapshot = tables.snapshot;
    reader->side = side;
    reader->digester = heap::make_row_digester(descriptor, table.payload, tables.columns, seed);
    reader->values = static_cast<Datum *>(palloc(sizeof(Datum) * attributes));
    reader->nulls = static_cast<bool *>(palloc(sizeof(bool) * attributes));
    MemoryContextSwitchTo(outer);
    return reader;
}

namespace {

void add_row(merge::ChangesDigest &sum, Reader &reader, HeapTuple tuple)
{
    heap_deform_tuple(tuple, RelationGetDescr(reader.table->relation), reader.values, reader.nulls);
    diff::Digest const digest = heap::digest_row(*reader.digester, reader.side, reader.values, reader.nulls);
    sum.low += digest.low;
    sum.high += digest.high;
}

HeapTupleData tuple_of(const Reader &reader, Buffer buffer, std::uint64_t place)
{
    Page const page = BufferGetPage(buffer);
    HeapTupleData tuple{};
    tuple.t_self = heap::tid_of(place);
    ItemId const item = PageGetItemId(page, ItemPointerGetOffsetNumber(&tuple.t_self));
    if (!ItemIdIsNormal(item))
        elog(ERROR, "row (%u,%u) of table \"%s\" is gone", ItemPointerGetBlockNumber(&tuple.t_self),
             ItemPointerGetOffsetNumber(&tuple.t_self), RelationGetRelationName(reader.table->relation));
    tuple.t_tableOid = RelationGetRelid(reader.table->relation);
    tuple.t_data = reinterpret_cast<HeapTupleHeader>(PageGetItem(page, item));
    tuple.t_len = ItemIdGetLength(item);
    return tuple;
}

// Rows that the comparison found, so they are visible, and stay as long as the snapshot. Most pages of a table that is vacuumed
// say so themselves. The lock is for the visibility alone. The pin keeps the rows where they are, while values may be fetched from
// elsewhere.
void require_visible(const Reader &reader, Buffer buffer, const std::uint64_t *places, std::size_t count)
{
    if (PageIsAllVisible(BufferGetPage(buffer)) && !reader.snapshot->takenDuringRecovery)
        return;
    LockBuffer(buffer, BUFFER_LOCK_SHARE);
    for (std::size_t i = 0; i < count; ++i) {
        HeapTupleData tuple = tuple_of(reader, buffer, places[i]);
        if (!HeapTupleSatisfiesVisibility(&tuple, reader.snapshot, buffer))
            elog(ERROR, "row (%u,%u) of table \"%s\" is not visible", ItemPointerGetBlockNumber(&tuple.t_self),
                 ItemPointerGetOffsetNumber(&tuple.t_self), RelationGetRelationName(reader.table->relation));
    }
    LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
}

BlockNumber block_of(std::uint64_t place)
{
    ItemPointerData const tid = heap::tid_of(place);
    return ItemPointerGetBlockNumber(&tid);
}

} // namespace

void add_rows(merge::ChangesDigest &sum, Reader &reader, const std::uint64_t *places, std::size_t count)
{
    CHECK_FOR_INTERRUPTS();
    for (std::size_t i = 0; i < count;) {
        BlockNumber const block = block_of(places[i]);
        std::size_t end = i + 1;
        while (end < count && block_of(places[end]) == block)
            ++end;
        Buffer const buffer = ReadBuffer(reader.table->relation, block);
        require_visible(reader, buffer, places + i, end - i);
        for (; i < end; ++i) {
            HeapTupleData tuple = tuple_of(reader, buffer, places[i]);
            add_row(sum, reader, &tuple);
        }
        ReleaseBuffer(buffer);
    }
}

void add_all_staged(merge::ChangesDigest &sum, Reader &reader, std::int64_t last_arrival)
{
    TableScanDesc const scan = table_beginscan_strat(reader.table->relation, reader.snapshot, 0, nullptr, true, false);
    while (HeapTuple const tuple = heap_getnext(scan, ForwardScanDirection)) {
        CHECK_FOR_INTERRUPTS();
        if (heap::arrival_of(tuple) <= last_arrival)
            add_row(sum, reader, tuple);
    }
    table_endscan(scan);
}

} // namespace datasurface::native
