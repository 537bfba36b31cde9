// Private to the native room: the main function of a parallel worker of a comparison, which PostgreSQL finds in our library by its
// name. What a worker does is said in workers.hpp.
#pragma once

#include "pg/boundary.hpp"

extern "C" {
#include "storage/dsm.h"
#include "storage/shm_toc.h"
PGDLLEXPORT void datasurface_compare_worker(dsm_segment *segment, shm_toc *toc);
}

namespace datasurface::native {

inline constexpr char worker_function[] = "datasurface_compare_worker";

} // namespace datasurface::native
