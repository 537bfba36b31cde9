#include "native/confirm_raising.hpp"

#include "heap/image.hpp"
#include "heap/row.hpp"

extern "C" {
#include "access/tableam.h"
}

namespace datasurface::native {

Confirmer *begin_confirming(const heap::Tables &tables)
{
    MemoryContext const old = MemoryContextSwitchTo(tables.context);
    auto *const confirmer = static_cast<Confirmer *>(palloc0(sizeof(Confirmer)));
    confirmer->tables = &tables;
    confirmer->staged = table_slot_create(tables.staging.relation, nullptr);
    confirmer->merged = table_slot_create(tables.merge.relation, nullptr);
    confirmer->scratch = AllocSetContextCreate(CurrentMemoryContext, "datasurface confirm", ALLOCSET_DEFAULT_SIZES);
    MemoryContextSwitchTo(old);
    return confirmer;
}

namespace {

// Fetches both rows, and tells whether they have one key.
bool fetch_pair(Confirmer &confirmer, const diff::Pair &pair)
{
    const heap::Tables &tables = *confirmer.tables;
    heap::fetch_row(tables.staging, tables.snapshot, pair.staged, confirmer.staged);
    heap::fetch_row(tables.merge, tables.snapshot, pair.merged, confirmer.merged);
    slot_getallattrs(confirmer.staged);
    slot_getallattrs(confirmer.merged);
    return heap::same_key(tables, tables.staging, confirmer.staged, tables.merge, confirmer.merged);
}

} // namespace

bool have_same_keys(Confirmer &confirmer, const diff::Pair *pairs, int count)
{
    CHECK_FOR_INTERRUPTS();
    MemoryContext const old = MemoryContextSwitchTo(confirmer.scratch);
    bool same = true;
    for (int i = 0; i < count && same; ++i) {
        same = fetch_pair(confirmer, pairs[i]);
        MemoryContextReset(confirmer.scratch);
    }
    MemoryContextSwitchTo(old);
    return same;
}

void confirm(Confirmer &confirmer, const diff::Pair *pairs, int count, Compared *results)
{
    CHECK_FOR_INTERRUPTS();
    const heap::Tables &tables = *confirmer.tables;
    MemoryContext const old = MemoryContextSwitchTo(confirmer.scratch);
    for (int i = 0; i < count; ++i) {
        if (!fetch_pair(confirmer, pairs[i]))
            results[i] = Compared::other_key;
        else
            results[i] =
                heap::same_image(tables, confirmer.staged, confirmer.merged) ? Compared::unchanged : Compared::changed;
        MemoryContextReset(confirmer.scratch);
    }
    MemoryContextSwitchTo(old);
}

void end_confirming(Confirmer &confirmer)
{
    ExecDropSingleTupleTableSlot(confirmer.staged);
    ExecDropSingleTupleTableSlot(confirmer.merged);
    MemoryContextDelete(confirmer.scratch);
}

} // namespace datasurface::native
