#include "heap/row.hpp"

#include "heap/scan.hpp"

namespace datasurface::heap {

void fetch_row(const Table &table, Snapshot snapshot, std::uint64_t place, TupleTableSlot *slot)
{
    ItemPointerData tid = tid_of(place);
    if (!table_tuple_fetch_row_version(table.relation, &tid, snapshot, slot))
        elog(ERROR, "row (%u,%u) of table \"%s\" is gone", ItemPointerGetBlockNumber(&tid),
             ItemPointerGetOffsetNumber(&tid), RelationGetRelationName(table.relation));
}

bool is_delete(const Table &staging, int columns, HeapTuple tuple)
{
    if (staging.plain && is_whole(staging, columns, tuple))
        return bytes_behind(staging, tuple) == 1 &&
               reinterpret_cast<const char *>(tuple->t_data)[tuple->t_len - 1] != 0;
    bool null = false;
    Datum const flag = heap_getattr(tuple, staging.deleted, RelationGetDescr(staging.relation), &null);
    return !null && DatumGetBool(flag);
}

bool delete_row(Relation relation, ItemPointer tid, CommandId command, Snapshot snapshot)
{
    TM_FailureData failure;
    return table_tuple_delete(relation, tid, command, snapshot, InvalidSnapshot, true, &failure, false) == TM_Ok;
}

namespace {

// A row with the flag of a delete may have NULL in that alone.
bool has_nulls(HeapTuple row, int skipped, int columns)
{
    if (!HeapTupleHasNulls(row))
        return false;
    for (int i = skipped; i < skipped + columns; ++i)
        if (att_isnull(i, row->t_data->t_bits))
            return true;
    return false;
}

// Copies the null bits of the payload behind as many set bits as the target has system columns.
void copy_null_bits(bits8 *to, int to_skipped, const bits8 *from, int from_skipped, int columns)
{
    for (int i = 0; i < to_skipped + columns; ++i) {
        int const bit = i - to_skipped + from_skipped;
        bool const set = i < to_skipped || (from[bit / 8] & 1 << bit % 8) != 0;
        to[i / 8] = static_cast<bits8>(to[i / 8] | (set ? 1 << i % 8 : 0));
    }
}

void make_of_values(const Table &target, TupleTableSlot *made, const Table &source, TupleTableSlot *row, int columns,
                    int batch_in, int batch_out)
{
    slot_getallattrs(row);
    // all other columns were dropped
    for (int i = target.system_columns; i < made->tts_tupleDescriptor->natts; ++i)
        made->tts_isnull[i] = true;
    made->tts_isnull[0] = made->tts_isnull[1] = false;
    made->tts_values[0] = Int32GetDatum(batch_in);
    made->tts_values[1] = Int32GetDatum(batch_out);
    for (int column = 0; column < columns; ++column) {
        int const to = target.payload[column] - 1, from = source.payload[column] - 1;
        made->tts_values[to] = row->tts_values[from];
        made->tts_isnull[to] = row->tts_isnull[from];
    }
    ExecStoreVirtualTuple(made);
    // the values are in the page of the other slot, whose pin is released
    ExecMaterializeSlot(made);
}

} // namespace

HeapTuple copy_payload(const Table &target, const void *system, HeapTuple row, const Around &around, int columns)
{
    HeapTupleHeader const from = row->t_data;
    bool const nulls = has_nulls(row, around.columns, columns);
    int const attributes = target.system_columns + columns;
    Size const bitmap = nulls ? static_cast<Size>(BITMAPLEN(attributes)) : 0;
    Size const header = MAXALIGN(SizeofHeapTupleHeader + bitmap);
    Size const payload = row->t_len - from->t_hoff - around.bytes - around.bytes_behind;
    Size const length = header + system_bytes + payload;
    auto *const made = static_cast<HeapTuple>(palloc(HEAPTUPLESIZE + length));
    made->t_len = static_cast<uint32>(length);
    ItemPointerSetInvalid(&made->t_self);
    made->t_tableOid = RelationGetRelid(target.relation);
    made->t_data = reinterpret_cast<HeapTupleHeader>(reinterpret_cast<char *>(made) + HEAPTUPLESIZE);
    HeapTupleHeader const to = made->t_data;
    memset(static_cast<void *>(to), 0, header);
    HeapTupleHeaderSetDatumLength(to, made->t_len);
    HeapTupleHeaderSetTypeId(to, RelationGetDescr(target.relation)->tdtypeid);
    HeapTupleHeaderSetTypMod(to, RelationGetDescr(target.relation)->tdtypmod);
    ItemPointerSetInvalid(&to->t_ctid);
    HeapTupleHeaderSetNatts(to, attributes);
    to->t_hoff = static_cast<uint8>(header);
    to->t_infomask = static_cast<uint16>((from->t_infomask & HEAP_HASVARWIDTH) | (nulls ? HEAP_HASNULL : 0));
    if (nulls)
        copy_null_bits(to->t_bits, target.system_columns, from->t_bits, around.columns, columns);
    char *const values = reinterpret_cast<char *>(to) + header;
    memcpy(values, system, system_bytes);
    memcpy(values + system_bytes, reinterpret_cast<const char *>(from) + from->t_hoff + around.bytes, payload);
    return made;
}

void make_row(const Table &target, TupleTableSlot *made, const Table &source, TupleTableSlot *row, int columns,
              int batch_in, int batch_out)
{
    ExecClearTuple(made);
    bool to_free = false;
    HeapTuple const tuple = ExecFetchSlotHeapTuple(row, false, &to_free);
    std::int32_t const milestones[] = {batch_in, batch_out};
    static_assert(sizeof milestones == system_bytes);
    if (target.plain && source.plain && is_whole(source, columns, tuple))
        ExecStoreHeapTuple(copy_payload(target, milestones, tuple,
                                        {source.system_columns, system_bytes, bytes_behind(source, tuple)}, columns),
                           made, true);
    else
        make_of_values(target, made, source, row, columns, batch_in, batch_out);
}

} // namespace datasurface::heap
