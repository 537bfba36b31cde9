#include "heap/target.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/tableam.h"
}

namespace datasurface::heap {

void begin_target(Target &target, const Table &table, bool bulk)
{
    target.table = &table;
    target.context = CurrentMemoryContext;
    target.state = CreateExecutorState();
    (void)GetPerTupleExprContext(target.state);
    target.info = makeNode(ResultRelInfo);
    InitResultRelInfo(target.info, table.relation, 0, nullptr, 0);
    ExecOpenIndices(target.info, false);
    target.bulk = bulk ? GetBulkInsertState() : nullptr;
}

void end_target(Target &target)
{
    if (target.bulk != nullptr)
        FreeBulkInsertState(target.bulk);
    for (TupleTableSlot *const slot : target.slots)
        if (slot != nullptr)
            ExecDropSingleTupleTableSlot(slot);
    ExecCloseIndices(target.info);
    FreeExecutorState(target.state);
}

TupleTableSlot *next_slot(Target &target)
{
    TupleTableSlot *&slot = target.slots[target.filled];
    if (slot != nullptr)
        return slot;
    MemoryContext const old = MemoryContextSwitchTo(target.context);
    slot = MakeSingleTupleTableSlot(RelationGetDescr(target.table->relation), &TTSOpsHeapTuple);
    MemoryContextSwitchTo(old);
    return slot;
}

void check_constraints(Target &target, TupleTableSlot *slot)
{
    if (RelationGetDescr(target.table->relation)->constr != nullptr)
        ExecConstraints(target.info, slot, target.state);
}

namespace {

bool index_row(Target &target, TupleTableSlot *slot, const Arbiter *arbiter)
{
    bool conflict = false;
    pg::insert_index_tuples(target.info, slot, target.state, false, false, arbiter == nullptr ? NIL : arbiter->index,
                            &conflict);
    ResetPerTupleExprContext(target.state);
    return !conflict || !arbiter->stays(*arbiter->tables, slot);
}

} // namespace

bool insert_filled(Target &target, CommandId command, const Arbiter *arbiter)
{
    bool all_new = true;
    table_multi_insert(target.table->relation, target.slots, target.filled, command, 0, target.bulk);
    for (int i = 0; i < target.filled && all_new && target.info->ri_NumIndices > 0; ++i)
        all_new = index_row(target, target.slots[i], arbiter);
    for (int i = 0; i < target.filled; ++i)
        ExecClearTuple(target.slots[i]);
    target.filled = 0;
    return all_new;
}

} // namespace datasurface::heap
