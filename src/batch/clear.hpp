// Staging tables emptied, and looked at, by a batch that is not merged.
#pragma once

#include "batch/work.hpp"

namespace datasurface::batch {

// Removes what the batch has staged: of a sealed batch up to its last arrival, of any other everything.
void clear_staging(const Work &work);

// Are there rows in the staging tables of the batch?
bool has_staged_rows(const Work &work);

} // namespace datasurface::batch
