#include "native/changes_raising.hpp"

#include "heap/row.hpp"

extern "C" {
#include "access/tableam.h"
#include "miscadmin.h"
}

namespace datasurface::native {

Reader *begin_reading(const heap::Tables &tables, const heap::Table &table, heap::Side side)
{
    MemoryContext const outer = MemoryContextSwitchTo(tables.context);
    auto *const reader = static_cast<Reader *>(palloc0(sizeof(Reader)));
    reader->table = &table;
    reader->snapshot = tables.snapshot;
    reader->side = side;
    reader->digester = heap::make_row_digester(RelationGetDescr(table.relation), table.payload, tables.columns);
    reader->slot = table_slot_create(table.relation, nullptr);
    MemoryContextSwitchTo(outer);
    return reader;
}

void end_reading(Reader &reader)
{
    ExecDropSingleTupleTableSlot(reader.slot);
}

namespace {

void add_row(merge::ChangesDigest &sum, Reader &reader)
{
    slot_getallattrs(reader.slot);
    diff::Digest const digest =
        heap::digest_row(*reader.digester, reader.side, reader.slot->tts_values, reader.slot->tts_isnull);
    sum.low += digest.low;
    sum.high += digest.high;
}

} // namespace

void add_rows(merge::ChangesDigest &sum, Reader &reader, const std::uint64_t *places, std::size_t count)
{
    CHECK_FOR_INTERRUPTS();
    for (std::size_t i = 0; i < count; ++i) {
        heap::fetch_row(*reader.table, reader.snapshot, places[i], reader.slot);
        add_row(sum, reader);
    }
}

void add_all_staged(merge::ChangesDigest &sum, Reader &reader, std::int64_t last_arrival)
{
    TableScanDesc const scan = table_beginscan(reader.table->relation, reader.snapshot, 0, nullptr);
    while (table_scan_getnextslot(scan, ForwardScanDirection, reader.slot)) {
        CHECK_FOR_INTERRUPTS();
        slot_getallattrs(reader.slot);
        if (DatumGetInt64(reader.slot->tts_values[0]) <= last_arrival)
            add_row(sum, reader);
    }
    table_endscan(scan);
}

} // namespace datasurface::native
