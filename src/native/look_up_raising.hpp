// Private to the native room: looks the keys of staged rows up in the merge table, and compares rows by value.
#pragma once

#include "heap/probe.hpp"
#include "native/plan_look_up.hpp"

namespace datasurface::native {

MergeTableSize size_of_merge_table(const heap::Tables &tables);
CostSettings cost_settings(const heap::Tables &tables);

enum class LookedUp { absent, unchanged, changed };

struct LookUp { // plain
    const heap::Tables *tables;
    heap::Prober *prober;
    TupleTableSlot *staged;
    MemoryContext scratch; // of one row
};

LookUp *begin_look_up(const heap::Tables &tables);
// merged: gets the place of each row whose key is there. deletes: the staged rows are, so they are changed wherever their key is there.
void look_up(LookUp &look_up, const std::uint64_t *places, int count, bool deletes, LookedUp *found,
             std::uint64_t *merged);
void end_look_up(LookUp &look_up);

} // namespace datasurface::native
