// Within the rooms heap and native: single rows of a table, read by their place and put together for another.
#pragma once

#include "heap/tables.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "executor/tuptable.h"
}

namespace datasurface::heap {

// Every table of a dataset begins with so many bytes of system columns, none of them NULL.
constexpr std::size_t system_bytes = 8;

// True when the row has all columns, and no value is stored elsewhere.
inline bool is_whole(int columns, HeapTuple tuple)
{
    return !HeapTupleHasExternal(tuple) && static_cast<int>(HeapTupleHeaderGetNatts(tuple->t_data)) == columns;
}
// The same for a row of a plain table.
inline bool is_whole(const Table &table, int columns, HeapTuple tuple)
{
    return is_whole(table.system_columns + columns + (table.deleted != InvalidAttrNumber ? 1 : 0), tuple);
}

// Of a row that is whole, in a plain table: the bytes behind the payload. The flag of a delete is one byte, unless it is NULL.
inline std::size_t bytes_behind(const Table &table, HeapTuple tuple)
{
    if (table.deleted == InvalidAttrNumber)
        return 0;
    return HeapTupleHasNulls(tuple) && att_isnull(table.deleted - 1, tuple->t_data->t_bits) ? 0 : 1;
}

// Of a staged row: it is a delete of its key.
bool is_delete(const Table &staging, int columns, HeapTuple tuple);

// Fetches the version that the snapshot sees. Raises XX000 when there is none, which cannot be: the snapshot that found the row keeps
// it from being removed.
void fetch_row(const Table &table, Snapshot snapshot, std::uint64_t place, TupleTableSlot *slot);

// The first column of a staged row, which is NOT NULL and always in its place.
inline std::int64_t arrival_of(HeapTuple tuple)
{
    std::int64_t arrival = 0;
    memcpy(&arrival, reinterpret_cast<const char *>(tuple->t_data) + tuple->t_data->t_hoff, sizeof arrival);
    return arrival;
}

// Waits for a transaction that is changing the row. False when it has deleted or updated the row.
bool delete_row(Relation relation, ItemPointer tid, CommandId command, Snapshot snapshot);

// The parts of a row around the payload: system columns, and the flag of a delete.
struct Around {
    int columns;       // before it
    std::size_t bytes; // before it
    std::size_t bytes_behind;
};

// Makes a row of target with the payload bytes of `row`, which lie within the others. system: the bytes of target's system columns.
HeapTuple copy_payload(const Table &target, const void *system, HeapTuple row, const Around &around, int columns);

// Makes a row of target from the payload of `row`, which is of source: valid from `batch_in` to `batch_out`. The new row is in the
// slot, or in the current memory context, until the slot is cleared.
void make_row(const Table &target, TupleTableSlot *made, const Table &source, TupleTableSlot *row, int columns,
              int batch_in, int batch_out);

} // namespace datasurface::heap
