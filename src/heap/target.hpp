// Within the rooms heap and native: a table that many rows at a time are inserted into, with its indexes and constraints as the
// executor keeps them.
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
    ResultRelInfo *arbiter_alone; // `info` with that index alone, and with all others
    ResultRelInfo *others;
    EState *state;
    BulkInsertState bulk;
    TupleTableSlot *slots[write_batch]; // the first `filled` hold rows that are to be inserted
    int filled;
};

// PostgreSQL's regime. bulk: insert by a ring of buffers, so that many rows do not evict everything else.
void begin_target(Target &target, const Table &table, bool bulk, Oid arbiter);
void end_target(Target &target);

// Returns the first slot that is not filled.
TupleTableSlot *next_slot(Target &target);
void check_constraints(Target &target, TupleTableSlot *slot);

// Inserts the rows of the filled slots. With an arbiter, a key that the target's index has already raises no error: `stays` is asked
// whether the other row stays. If it does, the function returns false: not all rows may be in the indexes, and the transaction must
// not be committed. Without `stays` nobody is asked: the place of the row goes to `refused`, and the caller deletes it.
struct Arbiter {
    const Tables *tables;
    bool (*stays)(const Tables &tables, const TupleTableSlot *inserted);
    std::uint64_t refused[write_batch];
    int refused_count;
};
// places: gets those of the rows in the table; or nullptr.
bool insert_filled(Target &target, CommandId command, Arbiter *arbiter, std::uint64_t *places = nullptr);

} // namespace datasurface::heap
