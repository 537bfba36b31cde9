// Within the rooms heap and native: looks keys up in the merge table's primary key.
#pragma once

#include "heap/tables.hpp"

extern "C" {
#include "access/genam.h"
#include "access/skey.h"
#include "executor/tuptable.h"
}

namespace datasurface::heap {

// Looks up the keys of many rows of one table.
struct Prober { // plain
    const Tables *tables;
    const Table *source;
    Relation index;
    IndexScanDesc scan;
    ScanKeyData keys[INDEX_MAX_KEYS];
    TupleTableSlot *merged; // the row that was found
};

Prober *begin_probing(const Tables &tables, const Table &source);
// True when the snapshot of the merge sees a row of the same key. row: of the source, with all attributes of the key fetched.
bool probe(Prober &prober, const TupleTableSlot *row);
void end_probing(Prober &prober);

// To be called when the index has a second row of the key that was just inserted. Waits for the transactions that inserted or
// deleted the other row. True when that row stays.
bool other_row_stays(const Tables &tables, const TupleTableSlot *inserted);

} // namespace datasurface::heap
