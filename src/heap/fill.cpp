#include "heap/fill.hpp"

#include "heap/fitness.hpp"
#include "heap/form.hpp"
#include "heap/target.hpp"
#include "heap/volatile.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "access/relation.h"
#include "access/xact.h"
#include "commands/sequence.h"
}

namespace datasurface::heap {

struct Filler {
    Table staging;
    Target target;
    MemoryContext context; // of all that is here
    MemoryContext scratch; // of one call
    CommandId command;
    Oid sequence;
    merge::Staged staged;
};

namespace {

// True when the arrival is the only identity column. An INSERT raises when it is given a value for any other.
bool only_arrival_numbers_itself(Relation relation)
{
    for (int i = 0; i < RelationGetDescr(relation)->natts; ++i) {
        Form_pg_attribute const attribute = TupleDescAttr(RelationGetDescr(relation), i);
        if (!attribute->attisdropped && (attribute->attidentity != '\0') != (i == 0))
            return false;
    }
    return true;
}

bool can_take_rows(Table &staging, const shape::Shape &shape)
{
    return unwritable(staging.relation) == nullptr && find_columns(staging, shape, 1) == nullptr &&
           only_arrival_numbers_itself(staging.relation) && !has_volatile_check(staging.relation);
}

// Draws the arrival for each row, as an INSERT does: others may draw from the same sequence meanwhile.
void put(Filler &filler, HeapTuple row)
{
    std::int64_t const arrival = nextval_internal(filler.sequence, false);
    set_arrival(row, arrival);
    TupleTableSlot *const slot = next_slot(filler.target);
    ExecStoreHeapTuple(row, slot, false);
    check_constraints(filler.target, slot);
    filler.target.filled++;
    filler.staged.last_arrival = arrival;
    filler.staged.rows++;
}

} // namespace

Filler *begin_filling(const shape::Shape &shape)
{
    MemoryContext const context =
        AllocSetContextCreate(CurTransactionContext, "datasurface fill", ALLOCSET_START_SMALL_SIZES);
    MemoryContext const old = MemoryContextSwitchTo(context);
    auto *const filler = static_cast<Filler *>(palloc0(sizeof(Filler)));
    filler->context = context;
    filler->staging.relation = open_by_name(shape.names.staging);
    bool const can = can_take_rows(filler->staging, shape);
    if (can) {
        filler->scratch = AllocSetContextCreate(context, "datasurface fill of rows", ALLOCSET_DEFAULT_SIZES);
        CommandCounterIncrement();
        filler->command = GetCurrentCommandId(true);
        filler->sequence = pg::getIdentitySequence(filler->staging.relation, 1, false);
        // no bulk insert: its ring of buffers would evict the rows, which the merge reads next
        begin_target(filler->target, filler->staging, false, InvalidOid);
    } else
        relation_close(filler->staging.relation, NoLock);
    MemoryContextSwitchTo(old);
    if (can)
        return filler;
    MemoryContextDelete(context);
    return nullptr;
}

void fill_rows(Filler &filler, const ArrivingRows &rows, std::uint64_t *places)
{
    static_assert(arriving_batch <= write_batch);
    CHECK_FOR_INTERRUPTS();
    MemoryContext const old = MemoryContextSwitchTo(filler.scratch);
    for (int i = 0; i < rows.count; ++i)
        put(filler, rows.rows[i]);
    if (rows.count > 0)
        (void)insert_filled(filler.target, filler.command, nullptr, places);
    MemoryContextSwitchTo(old);
    MemoryContextReset(filler.scratch);
}

merge::Staged end_filling(Filler &filler)
{
    merge::Staged const staged = filler.staged;
    end_target(filler.target);
    relation_close(filler.staging.relation, NoLock);
    MemoryContextDelete(filler.context);
    CommandCounterIncrement(); // later commands of this transaction see what was written
    return staged;
}

} // namespace datasurface::heap
