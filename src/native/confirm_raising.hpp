// Private to the native room: compares rows whose digests differ by value.
#pragma once

#include "diff/entry.hpp"
#include "heap/tables.hpp"

extern "C" {
#include "executor/tuptable.h"
}

namespace datasurface::native {

enum class Compared { unchanged, changed, other_key };

struct Confirmer { // plain
    const heap::Tables *tables;
    TupleTableSlot *staged;
    TupleTableSlot *merged;
    MemoryContext scratch;
};

Confirmer *begin_confirming(const heap::Tables &tables);
void confirm(Confirmer &confirmer, const diff::Pair *pairs, int count, Compared *results);
// Whether the rows of each pair have one key.
bool have_same_keys(Confirmer &confirmer, const diff::Pair *pairs, int count);
void end_confirming(Confirmer &confirmer);

} // namespace datasurface::native
