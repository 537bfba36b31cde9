// Within the rooms heap and native: which tables can be read and written without the executor, with the same outcome.
#pragma once

#include "heap/tables.hpp"

namespace datasurface::heap {

// Returns why a table cannot be read, or written, without the executor, as "has triggers"; nullptr when it can.
const char *unreadable(Relation relation);
const char *unwritable(Relation relation);

// True when the table begins with its system columns, as ds_reconcile_schema made them.
bool begins_with_arrival(Relation relation);
bool begins_with_milestones(Relation relation);

int live_columns(Relation relation);

// Returns the index of the merge table's primary key if it is on the dataset's key, valid and not deferrable; otherwise none.
Oid find_primary_key(const Tables &tables);

} // namespace datasurface::heap
