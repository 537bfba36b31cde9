// Private to the native room: starts and ends the parallel workers of a comparison, with what they share.
#pragma once

#include "heap/scan.hpp"
#include "native/shared_raising.hpp"

extern "C" {
#include "access/parallel.h"
#include "storage/buffile.h"
}

namespace datasurface::native {

struct Pool { // of workers; plain
    ParallelContext *context;
    SharedTask *task;
    SharedResult *results;
};

// Enters parallel mode. memory: bytes, for each process. wanted: workers. Fewer may be launched, see Pool::context.
Pool *start_workers(const heap::Tables &tables, std::size_t memory, const Ranges &ranges, std::uint64_t seed,
                    heap::LeftOut left_out, int wanted);
void end_workers(Pool &pool);

// A file that a worker wrote. kind: waiting_file or the like.
BufFile *open_shared_file(const Pool &pool, const char *kind, int worker);

} // namespace datasurface::native
