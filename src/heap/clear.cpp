#include "heap/clear.hpp"

#include "heap/fitness.hpp"
#include "heap/row.hpp"

extern "C" {
#include "access/heapam.h"
#include "access/relation.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
}

namespace datasurface::heap {

namespace {

// PostgreSQL's regime, all of them.

bool delete_row(Relation relation, ItemPointer tid, CommandId command, Snapshot snapshot)
{
    TM_FailureData failure;
    return table_tuple_delete(relation, tid, command, snapshot, InvalidSnapshot, true, &failure, false) == TM_Ok;
}

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

bool serve(const sqltext::Qualified &staging, std::int64_t last_arrival, Snapshot snapshot)
{
    RangeVar *const name = makeRangeVar(pg::to_server(staging.schema), pg::to_server(staging.name), -1);
    Relation const relation = relation_openrv(name, RowExclusiveLock);
    bool const fits = unwritable(relation) == nullptr && begins_with_arrival(relation);
    if (fits)
        CheckCmdReplicaIdentity(relation, CMD_DELETE);
    bool const all = fits && delete_rows(relation, last_arrival, snapshot);
    relation_close(relation, NoLock);
    return all;
}

} // namespace

bool delete_staged(const sqltext::Qualified &staging, std::int64_t last_arrival, const pg::Snapshot &snapshot)
{
    return pg::call([&] { return serve(staging, last_arrival, static_cast<Snapshot>(snapshot.handle())); });
}

} // namespace datasurface::heap
