// heap: PostgreSQL's heap tables without SQL. Opens, scans, digests, fills, writes and clears them, many rows at a time.
//
// This file: the open tables of a merge, and how their columns correspond. Plain data of PostgreSQL's regime, in the memory context of
// the merge.
#pragma once

#include "heap/key_type.hpp"
#include "merge/plan.hpp"
#include "pg/boundary.hpp"

extern "C" {
#include "access/attnum.h"
#include "fmgr.h"
#include "utils/rel.h"
#include "utils/snapshot.h"
}

namespace datasurface::heap {

// One of the tables. Its payload columns are numbered as the shape has them.
struct Table {
    Relation relation;
    int system_columns;  // before the payload: 1 in staging, 2 in the others; 8 bytes in either case
    AttrNumber *payload; // attribute number of each payload column
    AttrNumber deleted;  // of a staging table: the column that says which rows are deletes; 0: it has none
    bool plain;          // equal payloads have equal bytes in all plain tables of the dataset
};

struct KeyColumn {
    int column; // of the payload
    KeyType type;
    FmgrInfo equal;
};

struct Tables {
    MemoryContext context; // lives as long as the merge
    Snapshot snapshot;
    int batch;
    merge::Staged batch_rows; // of the staging table; all others are left alone
    bool has_deletes;         // staged rows that say so are deletes of their keys

    int columns;
    int key_count;
    KeyColumn *keys;
    TupleDesc image; // the payload columns alone, as the merge table has them
    Oid primary_key; // index

    Table staging;
    Table merge;
    Table history; // relation is null when the dataset is live-only
};

// Opens the relation that has this name now, of whatever kind: see fitness.hpp. To be closed by relation_close.
Relation open_by_name(const sqltext::Qualified &name);

// Numbers the payload columns of an open table, in the current memory context. Returns why the table has other columns than these
// and its system columns, or nullptr.
const char *find_columns(Table &table, const shape::Shape &shape, int system_columns);

// Opens the tables of a plan, which are locked already, to be read by the snapshot.
struct Opened {
    Tables *tables;
    const char *problem; // why they cannot be merged without SQL, UTF-8; nullptr when they can
};
Opened open_tables(const merge::Plan &plan, MemoryContext context, Snapshot snapshot);
void close_tables(Tables &tables);

} // namespace datasurface::heap
