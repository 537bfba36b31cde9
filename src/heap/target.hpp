// Within the rooms heap and native: a table that rows are written to, many at a time, with the executor's view of its indexes and
// constraints.
#pragma once

#include "heap/tables.hpp"

extern "C" {
#include "access/heapam.h"
#include "executor/executor.h"
}

namespace datasurface::heap {

constexpr int write_batch = 256; // rows

struct Target {
    const Table *table;
    MemoryContext context;
    ResultRelInfo *info;
    List *arbiters;               // a unique index, or none
    ResultRelInfo *arbiter_alone; // with that index only, and with all others
    ResultRelInfo *others;
    EState *state;
    BulkInsertState bulk;
    TupleTableSlot *slots[write_batch]; // the first `filled` hold rows that are to be inserted
    int filled;
};

// PostgreSQL's regime. bulk: so much that it should not push everything else out of the buffers.
void begin_target(Target &target, const Table &table, bool bulk, Oid arbiter);
void end_target(Target &target);

// The slot after those that are filled, to make a row in.
TupleTableSlot *next_slot(Target &target);
void check_constraints(Target &target, TupleTableSlot *slot);

// Inserts the filled slots' rows. With an arbiter given, the target's index that has the key of one of them already raises
// nothing: `stays` is asked whether that is so for good. Then the answer is false, not all of them may be in the indexes, and the
// transaction cannot be committed.
struct Arbiter {
    const Tables *tables;
    bool (*stays)(const Tables &tables, const TupleTableSlot *inserted);
};
bool insert_filled(Target &target, CommandId command, const Arbiter *arbiter);

} // namespace datasurface::heap
