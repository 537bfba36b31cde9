#include "native/duplicates_raising.hpp"

#include "heap/image.hpp"
#include "heap/probe.hpp"
#include "heap/row.hpp"

namespace datasurface::native {

int digests_of_known(const heap::Tables &tables, const heap::Digester &digester, const std::uint64_t *places, int count,
                     std::uint64_t *digests)
{
    CHECK_FOR_INTERRUPTS();
    TupleTableSlot *const row = table_slot_create(tables.staging.relation, nullptr);
    heap::Prober *const prober = heap::begin_probing(tables, tables.staging);
    MemoryContext const scratch = AllocSetContextCreate(tables.context, "datasurface digests", ALLOCSET_DEFAULT_SIZES);
    MemoryContext const old = MemoryContextSwitchTo(scratch);
    int known = 0;
    for (int i = 0; i < count; ++i) {
        MemoryContextReset(scratch);
        heap::fetch_row(tables.staging, tables.snapshot, places[i], row);
        slot_getallattrs(row);
        if (!heap::probe(*prober, row))
            continue;
        bool made = false;
        diff::Entry entry{};
        (void)heap::digest(digester, ExecFetchSlotHeapTuple(row, false, &made), entry);
        digests[known++] = diff::key_of(entry.key);
    }
    MemoryContextSwitchTo(old);
    MemoryContextDelete(scratch);
    heap::end_probing(*prober);
    ExecDropSingleTupleTableSlot(row);
    return known;
}

void read_arrivals(const heap::Tables &tables, Suspects &suspects)
{
    TupleTableSlot *const row = table_slot_create(tables.staging.relation, nullptr);
    for (std::uint64_t i = 0; i < suspects.count; ++i) {
        CHECK_FOR_INTERRUPTS();
        heap::fetch_row(tables.staging, tables.snapshot, suspects.rows[i].place, row);
        bool null = false;
        suspects.rows[i].arrival = DatumGetInt64(slot_getattr(row, 1, &null));
    }
    ExecDropSingleTupleTableSlot(row);
}

void mark_replaced(const heap::Tables &tables, Suspects &suspects)
{
    TupleTableSlot *const row = table_slot_create(tables.staging.relation, nullptr);
    TupleTableSlot *const kept = table_slot_create(tables.staging.relation, nullptr);
    MemoryContext const scratch = AllocSetContextCreate(tables.context, "datasurface keys", ALLOCSET_DEFAULT_SIZES);
    MemoryContext const old = MemoryContextSwitchTo(scratch);
    for (std::uint64_t group = 0, i = 0; i < suspects.count; ++i) {
        CHECK_FOR_INTERRUPTS();
        MemoryContextReset(scratch);
        if (suspects.rows[i].key != suspects.rows[group].key)
            group = i;
        if (i == group)
            continue;
        heap::fetch_row(tables.staging, tables.snapshot, suspects.rows[i].place, row);
        slot_getallattrs(row);
        for (std::uint64_t first = group; first < i; ++first) {
            if (suspects.rows[first].replaced)
                continue;
            heap::fetch_row(tables.staging, tables.snapshot, suspects.rows[first].place, kept);
            slot_getallattrs(kept);
            if (heap::same_key(tables, tables.staging, row, tables.staging, kept)) {
                suspects.rows[i].replaced = true;
                break;
            }
        }
    }
    MemoryContextSwitchTo(old);
    MemoryContextDelete(scratch);
    ExecDropSingleTupleTableSlot(row);
    ExecDropSingleTupleTableSlot(kept);
}

} // namespace datasurface::native
