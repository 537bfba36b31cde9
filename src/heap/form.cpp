#include "heap/form.hpp"

#include "heap/layout.hpp"
#include "heap/row.hpp"

extern "C" {
#include "access/relation.h"
}

namespace datasurface::heap {

namespace {

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

} // namespace

Former *make_former(const shape::Shape &shape)
{
    auto *const former = static_cast<Former *>(palloc0(sizeof(Former)));
    former->staging.relation = open_by_name(shape.names.staging);
    if (find_columns(former->staging, shape, 1) != nullptr) {
        end_former(*former);
        return nullptr;
    }
    int const attributes = RelationGetDescr(former->staging.relation)->natts;
    former->columns = static_cast<int>(shape.columns.size());
    former->values = static_cast<Datum *>(palloc0(sizeof(Datum) * attributes));
    former->nulls = static_cast<bool *>(palloc(sizeof(bool) * attributes));
    memset(former->nulls, true, sizeof(bool) * attributes);
    former->nulls[0] = false;
    return former;
}

void end_former(Former &former)
{
    relation_close(former.staging.relation, NoLock);
}

HeapTuple form_of_values(Former &former, const Datum *values, const bool *nulls)
{
    for (int column = 0; column < former.columns; ++column) {
        int const to = former.staging.payload[column] - 1;
        former.values[to] = values[column];
        former.nulls[to] = nulls[column];
    }
    HeapTuple const made = heap_form_tuple(RelationGetDescr(former.staging.relation), former.values, former.nulls);
    made->t_tableOid = RelationGetRelid(former.staging.relation);
    return made;
}

// Copies the bytes of a row that comes unchanged from a table with the same columns. Other rows are formed of their values.
HeapTuple form_of_slot(Former &former, TupleTableSlot *row)
{
    if (row->tts_tupleDescriptor != former.looked_at) {
        former.looked_at = row->tts_tupleDescriptor;
        former.lie_alike = lie_alike(former.looked_at, former.staging, former.columns);
    }
    if (former.lie_alike && row->tts_ops->get_heap_tuple != nullptr) {
        HeapTuple const tuple = row->tts_ops->get_heap_tuple(row);
        std::int64_t const arrival = 0;
        static_assert(sizeof arrival == system_bytes);
        if (is_whole(former.columns, tuple))
            return copy_payload(former.staging, &arrival, tuple, {0, 0, 0}, former.columns);
    }
    slot_getallattrs(row);
    return form_of_values(former, row->tts_values, row->tts_isnull);
}

} // namespace datasurface::heap
