// Old batches and run ids are forgotten, a few by each commit.
#pragma once

#include "batch/work.hpp"

namespace datasurface::batch {

void purge(const Work &work);

} // namespace datasurface::batch
