// Within the rooms heap and native: which tables it may read and write past the executor, with the same outcome.
#pragma once

#include "heap/tables.hpp"

namespace datasurface::heap {

// Why a table cannot be read, or written, without the executor, as "has triggers"; nullptr when it can.
const char *unreadable(Relation relation);
const char *unwritable(Relation relation);

// The system columns, where and as we made them.
bool begins_with_arrival(Relation relation);
bool begins_with_milestones(Relation relation);

int live_columns(Relation relation);

// The index of the merge table's primary key when it is on the dataset's key, checked at once and valid; else none.
Oid find_primary_key(const Tables &tables);

} // namespace datasurface::heap
