#include "native/look_up_raising.hpp"

#include "heap/image.hpp"
#include "heap/row.hpp"
#include "heap/scan.hpp"
#include "native/walk_raising.hpp"

extern "C" {
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "storage/bufmgr.h"
#include "utils/spccache.h"
}

namespace datasurface::native {

MergeTableSize size_of_merge_table(const heap::Tables &tables)
{
    Relation const index = index_open(tables.primary_key, NoLock);
    MergeTableSize const size{static_cast<double>(RelationGetNumberOfBlocks(tables.merge.relation)),
                              static_cast<double>(rows_estimated(tables.merge.relation)),
                              static_cast<double>(RelationGetNumberOfBlocks(index))};
    index_close(index, NoLock);
    return size;
}

CostSettings cost_settings(const heap::Tables &tables)
{
    CostSettings settings{};
    get_tablespace_page_costs(tables.merge.relation->rd_rel->reltablespace, &settings.random_page_cost,
                              &settings.seq_page_cost);
    settings.cpu_tuple_cost = cpu_tuple_cost;
    settings.cpu_index_tuple_cost = cpu_index_tuple_cost;
    settings.cpu_operator_cost = cpu_operator_cost;
    settings.effective_cache_size = effective_cache_size;
    return settings;
}

LookUp *begin_look_up(const heap::Tables &tables)
{
    MemoryContext const old = MemoryContextSwitchTo(tables.context);
    auto *const made = static_cast<LookUp *>(palloc0(sizeof(LookUp)));
    made->tables = &tables;
    made->prober = heap::begin_probing(tables, tables.staging);
    made->staged = table_slot_create(tables.staging.relation, nullptr);
    made->scratch = AllocSetContextCreate(CurrentMemoryContext, "datasurface look up", ALLOCSET_DEFAULT_SIZES);
    MemoryContextSwitchTo(old);
    return made;
}

namespace {

LookedUp look_up_one(LookUp &look_up, std::uint64_t place, bool deletes, std::uint64_t &merged)
{
    const heap::Tables &tables = *look_up.tables;
    heap::fetch_row(tables.staging, tables.snapshot, place, look_up.staged);
    slot_getallattrs(look_up.staged);
    if (!heap::probe(*look_up.prober, look_up.staged))
        return LookedUp::absent;
    TupleTableSlot *const found = look_up.prober->merged;
    merged = heap::place_of(&found->tts_tid);
    if (deletes)
        return LookedUp::changed;
    slot_getallattrs(found);
    return heap::same_image(tables, look_up.staged, found) ? LookedUp::unchanged : LookedUp::changed;
}

} // namespace

void look_up(LookUp &look_up, const std::uint64_t *places, int count, bool deletes, LookedUp *found,
             std::uint64_t *merged)
{
    CHECK_FOR_INTERRUPTS();
    MemoryContext const old = MemoryContextSwitchTo(look_up.scratch);
    for (int i = 0; i < count; ++i) {
        found[i] = look_up_one(look_up, places[i], deletes, merged[i]);
        MemoryContextReset(look_up.scratch);
    }
    MemoryContextSwitchTo(old);
}

void end_look_up(LookUp &look_up)
{
    heap::end_probing(*look_up.prober);
    ExecDropSingleTupleTableSlot(look_up.staged);
    MemoryContextDelete(look_up.scratch);
}

} // namespace datasurface::native
