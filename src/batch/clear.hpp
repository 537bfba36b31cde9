// Empties and checks the staging tables of a batch that is not merged.
#pragma once

#include "batch/work.hpp"

namespace datasurface::batch {

// Deletes the staged rows: of a sealed batch those up to its last arrival, of any other batch all. Also of datasets that have left
// the stream.
void clear_staging(const Work &work);

// Deletes all staged rows of datasets that have left the stream since the batch began: if they came back, no later batch may count them.
void clear_left(const Work &work);

// True when the staging tables of the batch have rows.
bool has_staged_rows(const Work &work);

} // namespace datasurface::batch
