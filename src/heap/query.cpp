#include "heap/query.hpp"

#include "heap/fitness.hpp"
#include "heap/layout.hpp"
#include "heap/snapshot.hpp"
#include "heap/volatile.hpp"

extern "C" {
#include "access/relation.h"
#include "access/xact.h"
#include "executor/spi.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/plancache.h"
#include "utils/portal.h"
}

namespace datasurface::heap {

// The executor hands the query's rows to it.
struct Query : DestReceiver {
    Portal portal;
    Former *former;
    MemoryContext scratch; // of the rows that are handed out
    int ask;               // so many at once
    Size bytes;            // of those handed out
    HeapTuple rows[arriving_batch];
    int count;
    uint64 received; // of all calls
};

namespace {

constexpr int first_ask = 4; // rows

void start(DestReceiver *, int, TupleDesc) {}

bool receive(TupleTableSlot *row, DestReceiver *self)
{
    auto &query = *static_cast<Query *>(self);
    MemoryContext const old = MemoryContextSwitchTo(query.scratch);
    HeapTuple const formed = form_of_slot(*query.former, row);
    query.rows[query.count++] = formed;
    query.bytes += formed->t_len;
    MemoryContextSwitchTo(old);
    return true;
}

void shut_down(DestReceiver *) {}

void destroy(DestReceiver *) {} // with the portal

// True when no cast is needed. An INSERT casts by assignment, which raises where other casts truncate.
bool has_types_of(TupleDesc row, const Table &staging)
{
    for (int i = 0; i < row->natts; ++i) {
        Form_pg_attribute const from = TupleDescAttr(row, i), to = payload_attribute(staging, i);
        if (from->atttypid != to->atttypid || (to->atttypmod >= 0 && from->atttypmod != to->atttypmod))
            return false;
    }
    return true;
}

// A volatile function may look for earlier rows in the staging table, or write to it, or write to what the query reads.
bool only_reads(SPIPlanPtr plan, const CachedPlanSource &source)
{
    if (may_be_volatile(reinterpret_cast<Node *>(source.query_list)))
        return false;
    // the plan that is executed is asked, because a view may lock rows
    CachedPlan *const planned = SPI_plan_get_cached_plan(plan);
    if (planned == nullptr) // more than one statement
        return false;
    bool const reads =
        list_length(planned->stmt_list) == 1 && CommandIsReadOnly(linitial_node(PlannedStmt, planned->stmt_list));
    ReleaseCachedPlan(planned, nullptr); // a plan that is not saved has no resource owner
    return reads;
}

// A staging table that the query reads would be filled already, were the rows staged.
bool reads_staging(const CachedPlanSource &source)
{
    ListCell *cell;
    foreach (cell, source.relationOids) {
        // constants of type oid are among them
        Relation const relation = try_relation_open(lfirst_oid(cell), AccessShareLock);
        if (relation == nullptr)
            continue;
        bool const staging = begins_with_arrival(relation);
        relation_close(relation, NoLock);
        if (staging)
            return true;
    }
    return false;
}

// Returns nullptr when the query needs an INSERT. With read_only, the portal uses the active snapshot: it does not see what this command
// writes.
Portal open_portal(const sqltext::Statement &select, const Table &staging)
{
    SPIPlanPtr const plan = SPI_prepare_cursor(pg::to_server(select.text), 0, nullptr, CURSOR_OPT_NO_SCROLL);
    if (plan == nullptr)
        elog(ERROR, "could not prepare step %s: %s", select.name.c_str(), SPI_result_code_string(SPI_result));
    const auto &source = *static_cast<CachedPlanSource *>(linitial(SPI_plan_get_plan_sources(plan)));
    if (!has_types_of(source.resultDesc, staging) || !only_reads(plan, source) || reads_staging(source))
        return nullptr;
    Portal const portal = SPI_cursor_open(nullptr, plan, nullptr, nullptr, true);
    PinPortal(portal); // code of others that runs between two fetches could close it by its name
    return portal;
}

Query *make_query(Portal portal, Former *former)
{
    MemoryContext const old = MemoryContextSwitchTo(portal->portalContext);
    auto *const query = static_cast<Query *>(palloc0(sizeof(Query)));
    query->receiveSlot = receive;
    query->rStartup = start;
    query->rShutdown = shut_down;
    query->rDestroy = destroy;
    query->mydest = DestIntoRel;
    query->portal = portal;
    query->former = former;
    query->ask = first_ask;
    query->scratch = AllocSetContextCreate(CurrentMemoryContext, "datasurface query", ALLOCSET_DEFAULT_SIZES);
    MemoryContextSwitchTo(old);
    return query;
}

} // namespace

Query *open_query(const shape::Shape &shape, const sqltext::Statement &select, const pg::Snapshot &snapshot)
{
    Former *const former = make_former(shape);
    if (former == nullptr)
        return nullptr;
    // the snapshot sees what was done before this command, and nothing that comes after
    CommandCounterIncrement();
    (void)push_snapshot(snapshot);
    SPI_connect();
    Portal const portal = open_portal(select, former->staging);
    SPI_finish();
    PopActiveSnapshot();
    if (portal == nullptr) {
        end_former(*former);
        return nullptr;
    }
    return make_query(portal, former);
}

ArrivingRows next_rows(Query &query)
{
    CHECK_FOR_INTERRUPTS();
    if (query.count > 0 && query.bytes < arriving_bytes / 2)
        query.ask = Min(2 * query.ask, arriving_batch);
    else if (query.bytes > arriving_bytes)
        query.ask = Max(query.ask / 4, 1);
    if (query.portal->portalPos != query.received)
        ereport(ERROR, (errcode(ERRCODE_INVALID_CURSOR_STATE),
                        errmsg("rows of the query of a dataset were fetched by the code of somebody else")));
    MemoryContextReset(query.scratch);
    query.count = 0;
    query.bytes = 0;
    (void)PortalRunFetch(query.portal, FETCH_FORWARD, query.ask, &query);
    query.received += static_cast<uint64>(query.count);
    return {query.rows, query.count};
}

void close_query(Query &query)
{
    end_former(*query.former);
    UnpinPortal(query.portal);
    PortalDrop(query.portal, false);
}

} // namespace datasurface::heap
