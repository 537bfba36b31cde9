// Within the rooms heap and native: looking a key up in the merge table's primary key.
#pragma once

#include "heap/tables.hpp"

extern "C" {
#include "executor/tuptable.h"
}

namespace datasurface::heap {

// Is there a row of this key that the snapshot of the merge sees? row: of `source`.
bool key_exists(const Tables &tables, const Table &source, const TupleTableSlot *row);

// The index has the key of a row that was just inserted twice. Waits for transactions that have not decided about the
// other row; true when it stays.
bool other_row_stays(const Tables &tables, const TupleTableSlot *inserted);

} // namespace datasurface::heap
