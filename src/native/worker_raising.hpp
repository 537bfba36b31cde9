// Private to the native room: what a parallel worker of a comparison asks of PostgreSQL.
#pragma once

#include "native/shared_raising.hpp"
#include "native/walk_raising.hpp"

extern "C" {
#include "storage/buffile.h"
#include "storage/dsm.h"
}

namespace datasurface::native {

struct Worker { // plain
    MemoryContext context;
    SharedTask *task;
    SharedResult *result;
    heap::Tables *tables;
    Walk walk;
};

// Finds what the leader has shared, and opens the tables.
Worker begin_worker(dsm_segment *segment, shm_toc *toc);
void end_worker(const Worker &worker);

// A file that the leader will read. kind: waiting_file or the like.
BufFile *create_shared_file(const Worker &worker, const char *kind);

} // namespace datasurface::native
