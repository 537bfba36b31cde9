#include "heap/target.hpp"

#include <utility>

#include "heap/scan.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "access/tableam.h"
}

namespace datasurface::heap {

namespace {

ResultRelInfo *some_indexes(const Target &target, int first, int count)
{
    auto *const some = makeNode(ResultRelInfo);
    *some = *target.info;
    some->ri_NumIndices = count;
    some->ri_IndexRelationDescs += first;
    some->ri_IndexRelationInfo += first;
    return some;
}

void set_arbiter_apart(Target &target)
{
    ResultRelInfo &all = *target.info;
    for (int i = 1; i < all.ri_NumIndices; ++i)
        if (RelationGetRelid(all.ri_IndexRelationDescs[i]) == linitial_oid(target.arbiters)) {
            std::swap(all.ri_IndexRelationDescs[0], all.ri_IndexRelationDescs[i]);
            std::swap(all.ri_IndexRelationInfo[0], all.ri_IndexRelationInfo[i]);
        }
    target.arbiter_alone = some_indexes(target, 0, 1);
    target.others = some_indexes(target, 1, all.ri_NumIndices - 1);
}

} // namespace

void begin_target(Target &target, const Table &table, bool bulk, Oid arbiter)
{
    target.table = &table;
    target.context = CurrentMemoryContext;
    target.state = CreateExecutorState();
    (void)GetPerTupleExprContext(target.state);
    target.info = makeNode(ResultRelInfo);
    InitResultRelInfo(target.info, table.relation, 0, nullptr, 0);
    ExecOpenIndices(target.info, false);
    if (OidIsValid(arbiter)) {
        target.arbiters = list_make1_oid(arbiter);
        set_arbiter_apart(target);
    }
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
    if (RelationGetDescr(target.table->relation)->constr == nullptr)
        return;
    ExecConstraints(target.info, slot, target.state);
    ResetPerTupleExprContext(target.state);
}

namespace {

void index_in(Target &target, ResultRelInfo *indexes, TupleTableSlot *slot, List *arbiters, bool *conflict)
{
    if (indexes->ri_NumIndices > 0)
        pg::insert_index_tuples(indexes, slot, target.state, false, false, arbiters, conflict);
    ResetPerTupleExprContext(target.state);
}

// The arbiter comes first and alone: the error of another unique index would hide that the key is there already.
bool index_row(Target &target, TupleTableSlot *slot, Arbiter *arbiter)
{
    bool conflict = false;
    if (arbiter != nullptr)
        index_in(target, target.arbiter_alone, slot, target.arbiters, &conflict);
    if (conflict && arbiter->stays == nullptr) {
        arbiter->refused[arbiter->refused_count++] = place_of(&slot->tts_tid);
        return true;
    }
    if (conflict && arbiter->stays(*arbiter->tables, slot))
        return false;
    index_in(target, arbiter != nullptr ? target.others : target.info, slot, NIL, nullptr);
    return true;
}

} // namespace

bool insert_filled(Target &target, CommandId command, Arbiter *arbiter, std::uint64_t *places)
{
    bool all_new = true;
    if (arbiter != nullptr)
        arbiter->refused_count = 0;
    table_multi_insert(target.table->relation, target.slots, target.filled, command, 0, target.bulk);
    for (int i = 0; i < target.filled && all_new && target.info->ri_NumIndices > 0; ++i)
        all_new = index_row(target, target.slots[i], arbiter);
    for (int i = 0; i < target.filled; ++i) {
        if (places != nullptr)
            places[i] = place_of(&target.slots[i]->tts_tid);
        ExecClearTuple(target.slots[i]);
    }
    target.filled = 0;
    return all_new;
}

} // namespace datasurface::heap
