#include "heap/row.hpp"

#include "heap/scan.hpp"

namespace datasurface::heap {

void fetch_row(const Table &table, Snapshot snapshot, std::uint64_t place, TupleTableSlot *slot)
{
    ItemPointerData tid = tid_of(place);
    if (!table_tuple_fetch_row_version(table.relation, &tid, snapshot, slot))
        elog(ERROR, "row (%u,%u) of table \"%s\" is gone", ItemPointerGetBlockNumber(&tid),
             ItemPointerGetOffsetNumber(&tid), RelationGetRelationName(table.relation));
    slot_getallattrs(slot);
}

void make_row(const Table &target, TupleTableSlot *made, const Table &source, const TupleTableSlot *row, int columns,
              int batch_in, int batch_out)
{
    ExecClearTuple(made);
    // what is neither a system column nor of the payload was dropped
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
    // the values lie in the other slot's page, which is let go
    ExecMaterializeSlot(made);
}

} // namespace datasurface::heap
