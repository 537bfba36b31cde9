// What a step reads and writes is locked before its snapshot is taken.
#pragma once

#include <string>
#include <vector>

#include "batch/steps.hpp"
#include "batch/work.hpp"
#include "ingest/origin.hpp"

namespace datasurface::batch {

// Of an ingest. Returns the members' checked queries, empty for pushed rows.
std::vector<std::string> lock_for_ingest(Work &work, ingest::Origin &origin, Progress &progress);

// Of a merge. staging_is_checked: by an ingest of this transaction.
void lock_for_merge(Work &work, bool staging_is_checked, Progress &progress);

} // namespace datasurface::batch
