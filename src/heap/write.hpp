// Within the rooms heap and native: writes to merge and history table as the executor does, with constraints, all indexes, WAL, and
// waits for the transactions of others. To be called as the tables' owner: index expressions are the owner's code.
#pragma once

#include "diff/entry.hpp"
#include "heap/arriving.hpp"
#include "heap/target.hpp"

namespace datasurface::heap {

enum class Written {
    done,
    changed_meanwhile, // somebody changed a row since the snapshot; nothing of the merge may be committed
    key_taken          // a new row's key is there already: staged twice, or somebody inserted it
};

struct Writer;

// PostgreSQL's regime, all of them; write_batch rows at most per call.
// skips_known: of load_new(): a row whose key is there is left out, and not an error.
Writer *begin_writing(const Tables &tables, bool bulk, bool skips_known = false);
Written delete_rows(Writer &writer, const std::uint64_t *merged, int count);
Written update_rows(Writer &writer, const diff::Pair *pairs, int count);
Written insert_rows(Writer &writer, const std::uint64_t *staged, int count);

// Loads all staged rows into an empty merge table, without a comparison.
struct Loaded {
    Written written;
    std::int64_t rows;
    bool null_key; // met one, and stopped
    bool at_end;
};
// Loads the next rows, at most write_batch.
Loaded load_rows(Writer &writer, TableScanDesc scan);
// Loads rows that arrive.
Loaded load_arriving(Writer &writer, const ArrivingRows &rows);

// Loads those of them whose key is not there yet. Whether another transaction that has inserted it will commit is not waited for.
struct LoadedNew {
    int rows;
    int skipped;  // their key is there
    int null_key; // the first column of the payload that is a NULL in a key, at which it stopped; -1: none is
};
LoadedNew load_new(Writer &writer, const ArrivingRows &rows);

void end_writing(Writer &writer);

} // namespace datasurface::heap
