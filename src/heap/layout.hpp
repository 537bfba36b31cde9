// Within the rooms heap and native: how keys are compared, and whether rows may be compared by their bytes, as the tables'
// descriptors say.
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

// Fills in the rest of the tables, in the current memory context. Before, staging and merge table must be open with their payload
// numbered, and the numbers of columns and keys be set. Returns why the tables cannot be compared, or nullptr.
const char *derive_layout(Tables &tables, const int *key_columns);

} // namespace datasurface::heap
