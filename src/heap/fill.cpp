#include "heap/fill.hpp"

#include "heap/fitness.hpp"
#include "heap/layout.hpp"
#include "heap/row.hpp"
#include "heap/snapshot.hpp"
#include "heap/target.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "access/relation.h"
#include "access/transam.h"
#include "access/xact.h"
#include "commands/sequence.h"
#include "executor/spi.h"
#include "optimizer/optimizer.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/plancache.h"
}

namespace datasurface::heap {

namespace {

constexpr Size collected_limit = 1024 * 1024; // bytes; of large values fewer than write_batch rows are collected

// The executor hands the query's rows to it. All of it is PostgreSQL's regime.
struct Receiver : DestReceiver {
    Table staging;
    Target target;
    MemoryContext scratch; // of the rows that are collected
    CommandId command;
    Oid sequence;
    int columns;
    TupleDesc looked_at; // of the query's rows: each branch of a UNION ALL may have its own
    bool lie_alike;      // the payload of these as that of the staging table
    Datum *values;       // a row of the staging table, in which dropped columns stay NULL
    bool *nulls;
    Size collected; // bytes
    merge::Staged staged;
};

// True when a row and the payload of the staging table have the same bytes: no dropped columns, the same types, and long headers in
// the same places.
bool lie_alike(TupleDesc row, const Table &staging, int columns)
{
    if (row->natts != columns || RelationGetDescr(staging.relation)->natts != staging.system_columns + columns)
        return false;
    for (int i = 0; i < columns; ++i) {
        Form_pg_attribute const from = TupleDescAttr(row, i), to = payload_attribute(staging, i);
        if (staging.payload[i] != staging.system_columns + 1 + i || from->atttypid != to->atttypid ||
            (from->attstorage == TYPSTORAGE_PLAIN) != (to->attstorage == TYPSTORAGE_PLAIN))
            return false;
    }
    return true;
}

HeapTuple make_of_values(Receiver &receiver, TupleTableSlot *row, std::int64_t arrival)
{
    slot_getallattrs(row);
    receiver.values[0] = Int64GetDatum(arrival);
    for (int column = 0; column < receiver.columns; ++column) {
        int const to = receiver.staging.payload[column] - 1;
        receiver.values[to] = row->tts_values[column];
        receiver.nulls[to] = row->tts_isnull[column];
    }
    HeapTuple const made =
        heap_form_tuple(RelationGetDescr(receiver.staging.relation), receiver.values, receiver.nulls);
    made->t_tableOid = RelationGetRelid(receiver.staging.relation);
    return made;
}

// Copies the bytes of a row that comes unchanged from a table with the same columns. Other rows are formed of their values.
HeapTuple make_staged(Receiver &receiver, TupleTableSlot *row, std::int64_t arrival)
{
    if (row->tts_tupleDescriptor != receiver.looked_at) {
        receiver.looked_at = row->tts_tupleDescriptor;
        receiver.lie_alike = lie_alike(receiver.looked_at, receiver.staging, receiver.columns);
    }
    if (receiver.lie_alike && row->tts_ops->get_heap_tuple != nullptr) {
        HeapTuple const tuple = row->tts_ops->get_heap_tuple(row);
        if (is_whole(receiver.columns, tuple))
            return copy_payload(receiver.staging, &arrival, tuple, {0, 0}, receiver.columns);
    }
    return make_of_values(receiver, row, arrival);
}

// Draws the arrival for each row, as an INSERT does: others may draw from the same sequence meanwhile.
void collect(Receiver &receiver, TupleTableSlot *row)
{
    std::int64_t const arrival = nextval_internal(receiver.sequence, false);
    static_assert(sizeof arrival == system_bytes);
    HeapTuple const tuple = make_staged(receiver, row, arrival);
    TupleTableSlot *const slot = next_slot(receiver.target);
    ExecStoreHeapTuple(tuple, slot, true);
    check_constraints(receiver.target, slot);
    receiver.target.filled++;
    receiver.collected += tuple->t_len;
    receiver.staged.last_arrival = arrival;
    receiver.staged.rows++;
}

void write_collected(Receiver &receiver)
{
    if (receiver.target.filled == 0)
        return;
    CHECK_FOR_INTERRUPTS();
    (void)insert_filled(receiver.target, receiver.command, nullptr);
    receiver.collected = 0;
    MemoryContextReset(receiver.scratch);
}

void start(DestReceiver *, int, TupleDesc) {}

bool receive(TupleTableSlot *row, DestReceiver *self)
{
    auto &receiver = *static_cast<Receiver *>(self);
    MemoryContext const old = MemoryContextSwitchTo(receiver.scratch);
    collect(receiver, row);
    if (receiver.target.filled == write_batch || receiver.collected >= collected_limit)
        write_collected(receiver);
    MemoryContextSwitchTo(old);
    return true;
}

void shut_down(DestReceiver *self)
{
    auto &receiver = *static_cast<Receiver *>(self);
    MemoryContext const old = MemoryContextSwitchTo(receiver.scratch);
    write_collected(receiver);
    MemoryContextSwitchTo(old);
}

void destroy(DestReceiver *) {} // with the memory context

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

// Finds what contain_volatile_functions() takes for immutable: an aggregate, whatever it calls, and the CHECK of a domain.
// PostgreSQL's own aggregates call no volatile function.
bool may_hide_volatile(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    if (IsA(node, CoerceToDomain))
        return true;
    if (IsA(node, Aggref) && reinterpret_cast<Aggref *>(node)->aggfnoid >= FirstNormalObjectId)
        return true;
    if (IsA(node, WindowFunc) && reinterpret_cast<WindowFunc *>(node)->winfnoid >= FirstNormalObjectId)
        return true;
    return pg::walk_query_or_expression(node, may_hide_volatile, context);
}

// A volatile CHECK may look for earlier rows in the table. They are not there yet, as rows are written many at a time.
bool has_volatile_check(Relation relation)
{
    const TupleConstr *const constraints = RelationGetDescr(relation)->constr;
    for (int i = 0; constraints != nullptr && i < constraints->num_check; ++i) {
        auto *const check = static_cast<Node *>(stringToNode(constraints->check[i].ccbin));
        if (contain_volatile_functions(check) || may_hide_volatile(check, nullptr))
            return true;
    }
    return false;
}

bool can_take_rows(Table &staging, const shape::Shape &shape)
{
    return unwritable(staging.relation) == nullptr && find_columns(staging, shape, 1) == nullptr &&
           only_arrival_numbers_itself(staging.relation) && !has_volatile_check(staging.relation);
}

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
    auto *const queries = reinterpret_cast<Node *>(source.query_list);
    if (contain_volatile_functions_not_nextval(queries) || may_hide_volatile(queries, nullptr))
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

// Returns nullptr when the query needs an INSERT.
SPIPlanPtr prepare(const sqltext::Statement &query, const Table &staging)
{
    SPIPlanPtr const plan = SPI_prepare(pg::to_server(query.text), 0, nullptr);
    if (plan == nullptr)
        elog(ERROR, "could not prepare step %s: %s", query.name.c_str(), SPI_result_code_string(SPI_result));
    const auto &source = *static_cast<CachedPlanSource *>(linitial(SPI_plan_get_plan_sources(plan)));
    return has_types_of(source.resultDesc, staging) && only_reads(plan, source) ? plan : nullptr;
}

Receiver *make_receiver(const Table &staging, int columns)
{
    int const attributes = RelationGetDescr(staging.relation)->natts;
    auto *const receiver = static_cast<Receiver *>(palloc0(sizeof(Receiver)));
    receiver->receiveSlot = receive;
    receiver->rStartup = start;
    receiver->rShutdown = shut_down;
    receiver->rDestroy = destroy;
    receiver->mydest = DestIntoRel;
    receiver->staging = staging;
    receiver->scratch = AllocSetContextCreate(CurrentMemoryContext, "datasurface fill", ALLOCSET_DEFAULT_SIZES);
    receiver->command = GetCurrentCommandId(true);
    receiver->sequence = pg::getIdentitySequence(staging.relation, 1, false);
    receiver->columns = columns;
    receiver->values = static_cast<Datum *>(palloc0(sizeof(Datum) * attributes));
    receiver->nulls = static_cast<bool *>(palloc(sizeof(bool) * attributes));
    memset(receiver->nulls, true, sizeof(bool) * attributes);
    receiver->nulls[0] = false;
    // no bulk insert: its ring of buffers would evict the rows, which the merge reads next
    begin_target(receiver->target, receiver->staging, false, InvalidOid);
    return receiver;
}

// With read_only, SPI uses the active snapshot. It does not see what this command has written.
merge::Staged execute(SPIPlanPtr plan, Receiver &receiver)
{
    SPIExecuteOptions options{};
    options.read_only = true;
    options.dest = &receiver;
    int const result = SPI_execute_plan_extended(plan, &options);
    if (result != SPI_OK_SELECT)
        elog(ERROR, "the query of a dataset failed: %s", SPI_result_code_string(result));
    end_target(receiver.target);
    return receiver.staged;
}

std::optional<merge::Staged> fill_if_fit(const shape::Shape &shape, const sqltext::Statement &query)
{
    std::optional<merge::Staged> staged;
    Table staging{};
    staging.relation = open_by_name(shape.names.staging);
    if (can_take_rows(staging, shape))
        if (SPIPlanPtr const plan = prepare(query, staging))
            staged = execute(plan, *make_receiver(staging, static_cast<int>(shape.columns.size())));
    relation_close(staging.relation, NoLock);
    return staged;
}

} // namespace

std::optional<merge::Staged> fill_staging(const shape::Shape &shape, const sqltext::Statement &query,
                                          const pg::Snapshot &snapshot)
{
    // the snapshot sees what was done before this command, and nothing that it writes
    CommandCounterIncrement();
    (void)push_snapshot(snapshot);
    SPI_connect();
    auto const staged = fill_if_fit(shape, query);
    SPI_finish();
    PopActiveSnapshot();
    CommandCounterIncrement();
    return staged;
}

} // namespace datasurface::heap
