// heap: PostgreSQL's heap tables without SQL. Opens, scans, digests, fills, writes and clears them, many rows at a time.
//
// This file: the tables of a merge, open, and how their columns correspond. Plain data of PostgreSQL's regime, in the memory
// context of the merge.
#pragma once

#include "heap/key_type.hpp"
#include "pg/boundary.hpp"
#include "shape/tables.hpp"

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
    bool plain;          // the payload lies in a row as it does in every other plain table of the dataset
};

struct KeyColumn {
    int column; // of the payload
    KeyType type;
    FmgrInfo equal;
};

struct Tables {
    MemoryContext context; // lives as long as the merge
    Snapshot snapshot;
    std::int64_t last_arrival; // staged rows after it are not the batch's
    int batch;

    int columns;
    int key_count;
    KeyColumn *keys;
    TupleDesc image; // the payload columns alone, as the merge table has them
    Oid primary_key; // index

    Table staging;
    Table merge;
    Table history; // relation is null when the dataset is live-only
};

// Whatever is called so by now: whether it is a plain table is for fitness.hpp to say. To be closed by relation_close.
Relation open_by_name(const sqltext::Qualified &name);

// Numbers the payload columns of an open table, in the current memory context. Returns why its columns are not just the
// system columns and these, nullptr when they are.
const char *find_columns(Table &table, const shape::Shape &shape, int system_columns);

// Opens them; they are locked already. `problem` says why this engine cannot serve them, nullptr when it can.
struct Opened {
    Tables *tables;
    const char *problem; // UTF-8
};
Opened open_tables(const shape::Shape &shape, MemoryContext context, Snapshot snapshot);
void close_tables(Tables &tables);

} // namespace datasurface::heap
