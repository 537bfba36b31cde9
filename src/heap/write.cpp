#include "heap/write.hpp"

#include "heap/probe.hpp"
#include "heap/row.hpp"
#include "heap/scan.hpp"
#include "heap/target.hpp"
#include "pg/compat.hpp"
#include "shape/names.hpp"

extern "C" {
#include "access/xact.h"
#include "executor/executor.h"
}

namespace datasurface::heap {

struct Writer {
    const Tables *tables;
    MemoryContext scratch; // of one call
    CommandId command;
    Arbiter primary_key;
    Target merge;
    Target history; // only when the dataset has one
    TupleTableSlot *staged;
    TupleTableSlot *arriving;
    TupleTableSlot *merged;
};

namespace {

// Puts a version that ends into the next slot of the history. Its last batch is the one before this.
void close_version(Writer &writer, std::uint64_t place)
{
    const Tables &tables = *writer.tables;
    if (tables.history.relation == nullptr)
        return;
    fetch_row(tables.merge, tables.snapshot, place, writer.merged);
    TupleTableSlot *const closed = next_slot(writer.history);
    bool null = false;
    int const batch_in = DatumGetInt32(slot_getattr(writer.merged, 1, &null));
    make_row(tables.history, closed, tables.merge, writer.merged, tables.columns, batch_in, tables.batch - 1);
    check_constraints(writer.history, closed);
    writer.history.filled++;
}

// Makes the current version of a row of the staging table, in the next slot of the merge table.
TupleTableSlot *make_current(Writer &writer, TupleTableSlot *row)
{
    const Tables &tables = *writer.tables;
    TupleTableSlot *const current = next_slot(writer.merge);
    make_row(tables.merge, current, tables.staging, row, tables.columns, tables.batch, shape::open_batch_number);
    check_constraints(writer.merge, current);
    return current;
}

TupleTableSlot *fetch_current(Writer &writer, std::uint64_t staged)
{
    fetch_row(writer.tables->staging, writer.tables->snapshot, staged, writer.staged);
    return make_current(writer, writer.staged);
}

constexpr int no_column = -1;

// The column of the payload.
int null_of_key(const Tables &tables, TupleTableSlot *row)
{
    for (int i = 0; i < tables.key_count; ++i)
        if (slot_attisnull(row, tables.staging.payload[tables.keys[i].column]))
            return tables.keys[i].column;
    return no_column;
}

bool has_null_key(const Tables &tables, TupleTableSlot *row)
{
    return null_of_key(tables, row) != no_column;
}

bool update_row(Writer &writer, std::uint64_t place, TupleTableSlot *current)
{
    const Tables &tables = *writer.tables;
    ItemPointerData tid = tid_of(place);
    TM_FailureData failure;
    pg::IndexesToUpdate indexes;
    if (pg::table_tuple_update(tables.merge.relation, &tid, current, writer.command, tables.snapshot, &failure,
                               &indexes) != TM_Ok)
        return false;
    if (indexes != pg::IndexesToUpdate::none && writer.merge.info->ri_NumIndices > 0)
        pg::insert_index_tuples(writer.merge.info, current, writer.merge.state, true,
                                indexes == pg::IndexesToUpdate::summarizing, NIL, nullptr);
    ExecClearTuple(current); // it may lie in memory that the next call resets
    ResetPerTupleExprContext(writer.merge.state);
    return true;
}

bool delete_current(const Writer &writer, std::uint64_t place)
{
    ItemPointerData tid = tid_of(place);
    return delete_row(writer.tables->merge.relation, &tid, writer.command, writer.tables->snapshot);
}

MemoryContext begin_call(Writer &writer)
{
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(writer.scratch);
    return MemoryContextSwitchTo(writer.scratch);
}

// Ends versions in the merge table by end_one, and stops at one that somebody has changed since the snapshot.
template <class EndOne>
Written end_versions(Writer &writer, CmdType what, int count, EndOne end_one)
{
    MemoryContext const old = begin_call(writer);
    CheckCmdReplicaIdentity(writer.tables->merge.relation, what);
    bool all = true;
    for (int i = 0; i < count && all; ++i)
        all = end_one(i);
    if (writer.history.filled > 0)
        (void)insert_filled(writer.history, writer.command, nullptr);
    MemoryContextSwitchTo(old);
    return all ? Written::done : Written::changed_meanwhile;
}

} // namespace

Writer *begin_writing(const Tables &tables, bool bulk, bool skips_known)
{
    MemoryContext const old = MemoryContextSwitchTo(tables.context);
    auto *const writer = static_cast<Writer *>(palloc0(sizeof(Writer)));
    writer->tables = &tables;
    writer->scratch = AllocSetContextCreate(CurrentMemoryContext, "datasurface write", ALLOCSET_DEFAULT_SIZES);
    writer->command = GetCurrentCommandId(true);
    writer->primary_key.tables = &tables;
    writer->primary_key.stays = skips_known ? nullptr : other_row_stays;
    writer->staged = table_slot_create(tables.staging.relation, nullptr);
    writer->arriving = MakeSingleTupleTableSlot(RelationGetDescr(tables.staging.relation), &TTSOpsHeapTuple);
    writer->merged = table_slot_create(tables.merge.relation, nullptr);
    begin_target(writer->merge, tables.merge, bulk, tables.primary_key);
    if (tables.history.relation != nullptr)
        begin_target(writer->history, tables.history, bulk, InvalidOid);
    MemoryContextSwitchTo(old);
    return writer;
}

Written delete_rows(Writer &writer, const std::uint64_t *merged, int count)
{
    return end_versions(writer, CMD_DELETE, count, [&](int i) {
        close_version(writer, merged[i]);
        return delete_current(writer, merged[i]);
    });
}

Written update_rows(Writer &writer, const diff::Pair *pairs, int count)
{
    return end_versions(writer, CMD_UPDATE, count, [&](int i) {
        close_version(writer, pairs[i].merged);
        return update_row(writer, pairs[i].merged, fetch_current(writer, pairs[i].staged));
    });
}

Written insert_rows(Writer &writer, const std::uint64_t *staged, int count)
{
    MemoryContext const old = begin_call(writer);
    for (int i = 0; i < count; ++i) {
        (void)fetch_current(writer, staged[i]);
        writer.merge.filled++;
    }
    bool const inserted = insert_filled(writer.merge, writer.command, &writer.primary_key);
    MemoryContextSwitchTo(old);
    return inserted ? Written::done : Written::key_taken;
}

Loaded load_rows(Writer &writer, TableScanDesc scan)
{
    MemoryContext const old = begin_call(writer);
    std::int64_t const last_arrival = writer.tables->batch_rows.last_arrival;
    Loaded loaded{Written::done, 0, false, false};
    while (writer.merge.filled < write_batch) {
        loaded.at_end = !table_scan_getnextslot(scan, ForwardScanDirection, writer.staged);
        if (loaded.at_end)
            break;
        bool null = false;
        if (DatumGetInt64(slot_getattr(writer.staged, 1, &null)) > last_arrival)
            continue;
        loaded.null_key = has_null_key(*writer.tables, writer.staged);
        if (loaded.null_key)
            break;
        (void)make_current(writer, writer.staged);
        writer.merge.filled++;
        loaded.rows++;
    }
    if (!loaded.null_key && !insert_filled(writer.merge, writer.command, &writer.primary_key))
        loaded.written = Written::key_taken;
    MemoryContextSwitchTo(old);
    return loaded;
}

Loaded load_arriving(Writer &writer, const ArrivingRows &rows)
{
    static_assert(arriving_batch <= write_batch);
    MemoryContext const old = begin_call(writer);
    Loaded loaded{Written::done, rows.count, false, rows.count == 0};
    for (int i = 0; i < rows.count && !loaded.null_key; ++i) {
        ExecStoreHeapTuple(rows.rows[i], writer.arriving, false);
        loaded.null_key = has_null_key(*writer.tables, writer.arriving);
        (void)make_current(writer, writer.arriving);
        writer.merge.filled++;
    }
    ExecClearTuple(writer.arriving);
    if (!loaded.null_key && rows.count > 0 && !insert_filled(writer.merge, writer.command, &writer.primary_key))
        loaded.written = Written::key_taken;
    MemoryContextSwitchTo(old);
    return loaded;
}

namespace {

// The rows were inserted by a command before the one that takes them back.
void take_back_refused(Writer &writer)
{
    const Arbiter &arbiter = writer.primary_key;
    if (arbiter.refused_count == 0)
        return;
    CommandCounterIncrement();
    writer.command = GetCurrentCommandId(true);
    CheckCmdReplicaIdentity(writer.tables->merge.relation, CMD_DELETE);
    for (int i = 0; i < arbiter.refused_count; ++i)
        if (!delete_current(writer, arbiter.refused[i]))
            elog(ERROR, "a row that was just inserted cannot be deleted");
}

} // namespace

LoadedNew load_new(Writer &writer, const ArrivingRows &rows)
{
    MemoryContext const old = begin_call(writer);
    LoadedNew loaded{0, 0, no_column};
    for (int i = 0; i < rows.count && loaded.null_key == no_column; ++i) {
        ExecStoreHeapTuple(rows.rows[i], writer.arriving, false);
        loaded.null_key = null_of_key(*writer.tables, writer.arriving);
        if (loaded.null_key != no_column)
            break;
        (void)make_current(writer, writer.arriving);
        writer.merge.filled++;
    }
    ExecClearTuple(writer.arriving);
    if (loaded.null_key == no_column && rows.count > 0) {
        (void)insert_filled(writer.merge, writer.command, &writer.primary_key);
        take_back_refused(writer);
        loaded.skipped = writer.primary_key.refused_count;
        loaded.rows = rows.count - loaded.skipped;
    }
    MemoryContextSwitchTo(old);
    return loaded;
}

void end_writing(Writer &writer)
{
    ExecDropSingleTupleTableSlot(writer.staged);
    ExecDropSingleTupleTableSlot(writer.arriving);
    ExecDropSingleTupleTableSlot(writer.merged);
    end_target(writer.merge);
    if (writer.history.table != nullptr)
        end_target(writer.history);
    MemoryContextDelete(writer.scratch);
    // later commands of this transaction see what was written
    CommandCounterIncrement();
}

} // namespace datasurface::heap
