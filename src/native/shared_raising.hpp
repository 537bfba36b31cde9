// Private to the native room: what the processes of a comparison share, in a segment of dynamic shared memory. Plain data.
#pragma once

#include "heap/tables.hpp"
#include "native/ranges.hpp"

extern "C" {
#include "port/atomics.h"
#include "storage/sharedfileset.h"
#include "storage/shm_toc.h"
}

namespace datasurface::native {

enum SharedKey : std::uint64_t { task_key = 1, numbers_key, left_out_key, results_key };

struct SharedTask {
    Oid staging;
    Oid merge;
    int columns;
    int key_count;
    AttrNumber deleted; // of the staging table
    merge::Staged batch_rows;
    std::uint64_t seed;
    std::size_t memory; // bytes, of each process
    Ranges ranges;
    std::uint64_t left_out;
    pg_atomic_uint32 next_unit;
    pg_atomic_uint64 blocks_done; // by the workers, as they go
    pg_atomic_uint64 rows_done;
    pg_atomic_uint64 spilled; // bytes
    SharedFileSet files;
};

// What a worker found: counts, and how many items there are in its files.
struct SharedResult {
    std::int64_t unchanged;
    std::int64_t staged;
    std::int64_t null_keys;
    std::int64_t left_out;
    std::uint64_t merged_twice;
    std::uint64_t waiting;
    std::uint64_t changed;
    std::uint64_t staged_twice;
};

// Files of a worker.
inline constexpr char waiting_file[] = "waiting";
inline constexpr char changed_file[] = "changed";
inline constexpr char twice_file[] = "twice";

// Columns travel as numbers: those of the staging payload, of the merge payload, and of the key.
std::size_t size_of_numbers(const heap::Tables &tables);
void write_numbers(const heap::Tables &tables, int *numbers);
// Opens the same tables in a worker, by their OIDs.
heap::Tables *open_shared(const SharedTask &task, const int *numbers, MemoryContext context, Snapshot snapshot);

char *file_name(const char *kind, int worker); // palloc'ed

} // namespace datasurface::native
