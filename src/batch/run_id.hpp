// Callers' run ids, and which batch a call with one works on.
#pragma once

#include <optional>
#include <string>

#include "batch/work.hpp"

namespace datasurface::batch {

// Throws 22023 for a run id that is blank or too long. To be called before anything is looked up.
void check_run_id(const std::optional<std::string> &run_id);

// The batch that a run works on: the one its run id belongs to, the open one, or a new one. The run id is recorded with it.
// An open batch of pushed rows belongs to one run, for its rows are that run's: another run is refused (SF013). A batch
// that is pulled may be taken over, for whoever does so pulls its rows anew. Throws SF014 for pushed rows without a batch.
catalog::Batch batch_to_run(const Work &work, bool pushed, const std::optional<std::string> &run_id);

// Throws SF014 when pushed rows are not sealed.
void require_sealed(const Work &work, const catalog::Batch &batch);

// Throws SF013: a batch is open. The message says whose it is, since when, and what to call.
[[noreturn]] void refuse_open(const Work &work, const catalog::Batch &open, bool pushed);

} // namespace datasurface::batch
