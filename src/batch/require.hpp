// Requires that a run was committed.
#pragma once

#include <optional>
#include <string>

namespace datasurface::batch {

// ds_require: the number of the run's batch; without a run id, of the newest. Throws the recorded error, or SF017, unless it is
// committed.
int require(const std::string &stream, const std::optional<std::string> &run_id);

// The same for a batch that the caller has just run. was_committed: by that run. Other calls may have purged the batch since.
void require_batch(const std::string &stream, int batch, bool was_committed);

} // namespace datasurface::batch
