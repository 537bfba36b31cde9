// Executes a call: the steps that the plan names, until it has an answer.
#pragma once

#include <optional>
#include <string>

#include "batch/work.hpp"

namespace datasurface::batch {

// Arguments of a call, besides its batch.
struct Wanted {
    std::optional<std::int64_t> rows; // ds_ingest: how many there must be
    std::optional<double> budget;     // ds_run: seconds after which no further step is begun
    std::string reason;               // ds_fail_batch
};

// Executes the steps, and saves. Throws when the plan refuses. Errors in the steps of ds_run are recorded with the batch;
// those of other calls are raised.
Outcome carry_through(Work &work, const Wanted &wanted);

struct Ran {
    Outcome outcome = Outcome::done;
    std::optional<int> batch; // none: nothing changed, and no batch was recorded
};

// ds_run. Without a run id the whole batch is one call, whatever the budget.
Ran run(const std::string &stream, const std::optional<std::string> &run_id, std::optional<double> budget);

// ds_run_to_end: ds_run until there is nothing left to do, and a commit after each of its steps; then what ds_require does.
// is_atomic: the procedure may not end its caller's transaction, which is an error.
void run_to_end(const std::string &stream, const std::optional<std::string> &run_id, bool is_atomic);

} // namespace datasurface::batch
