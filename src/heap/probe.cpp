#include "heap/probe.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
}

namespace datasurface::heap {

namespace {

void make_keys(const Tables &tables, Relation index, ScanKey keys)
{
    for (int i = 0; i < tables.key_count; ++i) {
        Oid const type = index->rd_opcintype[i];
        Oid const equality = get_opfamily_member(index->rd_opfamily[i], type, type, BTEqualStrategyNumber);
        ScanKeyEntryInitialize(&keys[i], 0, static_cast<AttrNumber>(i + 1), BTEqualStrategyNumber, type,
                               index->rd_indcollation[i], get_opcode(equality), 0);
    }
}

void set_values(const Tables &tables, const Table &source, const TupleTableSlot *row, ScanKey keys)
{
    for (int i = 0; i < tables.key_count; ++i)
        keys[i].sk_argument = row->tts_values[source.payload[tables.keys[i].column] - 1];
}

TransactionId undecided(const SnapshotData &dirty)
{
    return TransactionIdIsValid(dirty.xmin) ? dirty.xmin : dirty.xmax;
}

// The result of a search for another row of the key.
struct Found {
    bool row;
    TransactionId waiting_for; // a running transaction that may still remove the row
    ItemPointerData tid;
};

Found find_other_row(const Tables &tables, Relation index, ScanKey keys, Snapshot dirty, const ItemPointerData *except)
{
    Found found{};
    TupleTableSlot *const slot = table_slot_create(tables.merge.relation, nullptr);
    IndexScanDesc const scan = pg::index_beginscan(tables.merge.relation, index, dirty, tables.key_count);
    index_rescan(scan, keys, tables.key_count, nullptr, 0);
    while (!found.row && index_getnext_slot(scan, ForwardScanDirection, slot)) {
        if (ItemPointerEquals(&slot->tts_tid, const_cast<ItemPointer>(except)))
            continue;
        found.row = true;
        found.tid = slot->tts_tid;
        found.waiting_for = undecided(*dirty);
    }
    index_endscan(scan);
    ExecDropSingleTupleTableSlot(slot);
    return found;
}

} // namespace

Prober *begin_probing(const Tables &tables, const Table &source)
{
    MemoryContext const old = MemoryContextSwitchTo(tables.context);
    auto *const prober = static_cast<Prober *>(palloc0(sizeof(Prober)));
    prober->tables = &tables;
    prober->source = &source;
    prober->index = index_open(tables.primary_key, NoLock);
    make_keys(tables, prober->index, prober->keys);
    prober->scan = pg::index_beginscan(tables.merge.relation, prober->index, tables.snapshot, tables.key_count);
    prober->merged = table_slot_create(tables.merge.relation, nullptr);
    MemoryContextSwitchTo(old);
    return prober;
}

// In the merge's context: what a scan allocates is its own, and the functions that compare keys leave nothing behind.
bool probe(Prober &prober, const TupleTableSlot *row)
{
    const Tables &tables = *prober.tables;
    MemoryContext const old = MemoryContextSwitchTo(tables.context);
    set_values(tables, *prober.source, row, prober.keys);
    index_rescan(prober.scan, prober.keys, tables.key_count, nullptr, 0);
    bool const found = index_getnext_slot(prober.scan, ForwardScanDirection, prober.merged);
    MemoryContextSwitchTo(old);
    return found;
}

void end_probing(Prober &prober)
{
    ExecDropSingleTupleTableSlot(prober.merged);
    index_endscan(prober.scan);
    index_close(prober.index, NoLock);
    pfree(&prober);
}

bool other_row_stays(const Tables &tables, const TupleTableSlot *inserted)
{
    Relation const index = index_open(tables.primary_key, NoLock);
    ScanKeyData keys[INDEX_MAX_KEYS];
    make_keys(tables, index, keys);
    set_values(tables, tables.merge, inserted, keys);
    Found found;
    for (;;) {
        SnapshotData dirty;
        InitDirtySnapshot(dirty);
        found = find_other_row(tables, index, keys, &dirty, &inserted->tts_tid);
        if (!found.row || !TransactionIdIsValid(found.waiting_for))
            break;
        XactLockTableWait(found.waiting_for, tables.merge.relation, &found.tid, XLTW_InsertIndex);
    }
    index_close(index, NoLock);
    return found.row;
}

} // namespace datasurface::heap
