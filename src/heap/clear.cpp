#include "heap/clear.hpp"

#include "heap/fitness.hpp"
#include "heap/row.hpp"
#include "heap/snapshot.hpp"

extern "C" {
#include "access/heapam.h"
#include "access/relation.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
}

namespace datasurface::heap {

namespace {

bool delete_rows(Relation relation, std::int64_t last_arrival, Snapshot snapshot)
{
    CommandId const command = GetCurrentCommandId(true);
    TableScanDesc const scan = table_beginscan_strat(relation, snapshot, 0, nullptr, true, false);
    bool all = true;
    while (HeapTuple const tuple = all ? heap_getnext(scan, ForwardScanDirection) : nullptr)
        if (arrival_of(tuple) <= last_arrival)
            all = delete_row(relation, &tuple->t_self, command, snapshot);
    table_endscan(scan);
    CommandCounterIncrement();
    return all;
}

bool finds_no_row(Relation relation, Snapshot snapshot)
{
    TableScanDesc const scan = table_beginscan_strat(relation, snapshot, 0, nullptr, true, false);
    bool const none = heap_getnext(scan, ForwardScanDirection) == nullptr;
    table_endscan(scan);
    return none;
}

int versions_of_page(Page page)
{
    int versions = 0;
    for (OffsetNumber item = FirstOffsetNumber; item <= PageGetMaxOffsetNumber(page); ++item)
        versions += ItemIdIsNormal(PageGetItemId(page, item)) ? 1 : 0;
    return versions;
}

std::int64_t count(Relation relation)
{
    BufferAccessStrategy const ring = GetAccessStrategy(BAS_BULKREAD);
    BlockNumber const blocks = RelationGetNumberOfBlocks(relation);
    std::int64_t versions = 0;
    for (BlockNumber block = 0; block < blocks; ++block) {
        CHECK_FOR_INTERRUPTS();
        Buffer const buffer = ReadBufferExtended(relation, MAIN_FORKNUM, block, RBM_NORMAL, ring);
        LockBuffer(buffer, BUFFER_LOCK_SHARE);
        versions += versions_of_page(BufferGetPage(buffer));
        UnlockReleaseBuffer(buffer);
    }
    FreeAccessStrategy(ring);
    return versions;
}

bool delete_if_fit(const sqltext::Qualified &staging, std::int64_t last_arrival, Snapshot snapshot)
{
    Relation const relation = open_by_name(staging);
    bool const fits = unwritable(relation) == nullptr && begins_with_arrival(relation);
    if (fits)
        CheckCmdReplicaIdentity(relation, CMD_DELETE);
    bool const all = fits && delete_rows(relation, last_arrival, snapshot);
    relation_close(relation, NoLock);
    return all;
}

} // namespace

bool has_no_rows(const sqltext::Qualified &staging, const pg::Snapshot &snapshot)
{
    Snapshot const active = push_snapshot(snapshot);
    Relation const relation = open_by_name(staging);
    bool const none = unreadable(relation) == nullptr && finds_no_row(relation, active);
    relation_close(relation, NoLock);
    PopActiveSnapshot();
    return none;
}

bool delete_staged_rows(const sqltext::Qualified &staging, std::int64_t last_arrival, const pg::Snapshot &snapshot)
{
    Snapshot const active = push_snapshot(snapshot);
    bool const all = delete_if_fit(staging, last_arrival, active);
    PopActiveSnapshot();
    return all;
}

std::int64_t count_versions_of(const sqltext::Qualified &table)
{
    Relation const relation = open_by_name(table);
    std::int64_t const versions = unreadable(relation) == nullptr ? count(relation) : -1;
    relation_close(relation, NoLock);
    return versions;
}

} // namespace datasurface::heap
