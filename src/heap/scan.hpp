// Within the rooms heap and native: reads the rows of a table as entries for the kernel, a range of blocks at a time.
#pragma once

#include "diff/entry.hpp"
#include "heap/tables.hpp"

extern "C" {
#include "access/tableam.h"
}

namespace datasurface::heap {

struct Digester;

// Places of staged rows that are left out, ascending. A later row of the same key replaces each.
struct LeftOut {
    const std::uint64_t *places;
    std::uint64_t count;
};

struct Scan {
    const Tables *tables;
    const Table *table;
    Digester *digester;
    TableScanDesc scan;
    MemoryContext scratch; // of one batch of rows
    std::uint64_t side;    // marks the places of its entries
    LeftOut left_out;
    bool used;              // a range was scanned before
    bool at_end;            // of the range; a heap scan that is called again would begin anew
    std::int64_t rows;      // seen, of the batch
    std::int64_t null_keys; // of these, not handed out
    std::int64_t skipped;   // of these, left out
};

std::uint64_t place_of(ItemPointer tid);
ItemPointerData tid_of(std::uint64_t place);

// PostgreSQL's regime, all of them.
Scan *begin_scan(const Tables &tables, const Table &table, std::uint64_t seed, LeftOut left_out);
void begin_range(Scan &scan, BlockNumber first, BlockNumber blocks);
// Returns how many entries were filled; 0 when the range is done.
int next_entries(Scan &scan, diff::Entry *entries, int capacity);
void end_scan(Scan &scan);

} // namespace datasurface::heap
