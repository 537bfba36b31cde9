// Deletes old batches and run ids, a few with each commit.
#pragma once

#include "batch/work.hpp"

namespace datasurface::batch {

void purge(const Work &work);

} // namespace datasurface::batch
