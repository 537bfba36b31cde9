#include "heap/probe.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/genam.h"
#include "access/skey.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
}

namespace datasurface::heap {

namespace {

void make_keys(const Tables &tables, Relation index, const Table &source, const TupleTableSlot *row, ScanKey keys)
{
    for (int i = 0; i < tables.key_count; ++i) {
        Oid const type = index->rd_opcintype[i];
        Oid const equality = get_opfamily_member(index->rd_opfamily[i], type, type, BTEqualStrategyNumber);
        int const column = source.payload[tables.keys[i].column] - 1;
        ScanKeyEntryInitialize(&keys[i], 0, static_cast<AttrNumber>(i + 1), BTEqualStrategyNumber, type,
                               index->rd_indcollation[i], get_opcode(equality), row->tts_values[column]);
    }
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

Found find_row(const Tables &tables, Relation index, ScanKey keys, Snapshot snapshot, const ItemPointerData *except)
{
    Found found{};
    TupleTableSlot *const slot = table_slot_create(tables.merge.relation, nullptr);
    IndexScanDesc const scan = pg::index_beginscan(tables.merge.relation, index, snapshot, tables.key_count);
    index_rescan(scan, keys, tables.key_count, nullptr, 0);
    while (!found.row && index_getnext_slot(scan, ForwardScanDirection, slot)) {
        if (except != nullptr && ItemPointerEquals(&slot->tts_tid, const_cast<ItemPointer>(except)))
            continue;
        found.row = true;
        found.tid = slot->tts_tid;
        if (snapshot->snapshot_type == SNAPSHOT_DIRTY)
            found.waiting_for = undecided(*snapshot);
    }
    index_endscan(scan);
    ExecDropSingleTupleTableSlot(slot);
    return found;
}

} // namespace

bool key_exists(const Tables &tables, const Table &source, const TupleTableSlot *row)
{
    Relation const index = index_open(tables.primary_key, NoLock);
    ScanKeyData keys[INDEX_MAX_KEYS];
    make_keys(tables, index, source, row, keys);
    Found const found = find_row(tables, index, keys, tables.snapshot, nullptr);
    index_close(index, NoLock);
    return found.row;
}

bool other_row_stays(const Tables &tables, const TupleTableSlot *inserted)
{
    Relation const index = index_open(tables.primary_key, NoLock);
    ScanKeyData keys[INDEX_MAX_KEYS];
    make_keys(tables, index, tables.merge, inserted, keys);
    Found found;
    for (;;) {
        SnapshotData dirty;
        InitDirtySnapshot(dirty);
        found = find_row(tables, index, keys, &dirty, &inserted->tts_tid);
        if (!found.row || !TransactionIdIsValid(found.waiting_for))
            break;
        XactLockTableWait(found.waiting_for, tables.merge.relation, &found.tid, XLTW_InsertIndex);
    }
    index_close(index, NoLock);
    return found.row;
}

} // namespace datasurface::heap
