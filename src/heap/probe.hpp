// Within the rooms heap and native: looks a key up in the merge table's primary key.
#pragma once

#include "heap/tables.hpp"

extern "C" {
#include "executor/tuptable.h"
}

namespace datasurface::heap {

// True when the snapshot of the merge sees a row of the same key. row: of `source`.
bool key_exists(const Tables &tables, const Table &source, const TupleTableSlot *row);

// To be called when the index has a second row of the key that was just inserted. Waits for the transactions that inserted or
// deleted the other row. True when that row stays.
bool other_row_stays(const Tables &tables, const TupleTableSlot *inserted);

} // namespace datasurface::heap
