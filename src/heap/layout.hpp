// Within the rooms heap and native: what follows from the tables' descriptors once it is known which columns are the payload: how
// keys are told apart, and whether rows may be compared as they lie.
#pragma once

#include "heap/tables.hpp"

extern "C" {
#include "access/tupdesc.h"
}

namespace datasurface::heap {

inline Form_pg_attribute payload_attribute(const Table &table, int column)
{
    return TupleDescAttr(RelationGetDescr(table.relation), table.payload[column] - 1);
}

// Needs staging and merge table with their payload numbered, and the number of columns and keys; fills in the rest, in the
// current memory context. Returns what stands in the way, or nullptr.
const char *derive_layout(Tables &tables, const int *key_columns);

} // namespace datasurface::heap
