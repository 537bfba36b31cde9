#include "batch/purge.hpp"

#include "pg/settings.hpp"

namespace datasurface::batch {

namespace {

// A call adds one batch and takes two away, so what has piled up becomes less; the work is no more than twice a batch's own.
constexpr int batches_of_a_call = 2;
constexpr int runs_of_a_call = 10;

} // namespace

// The batch of this call is still open in the catalog, so it is none of those that are found; its run ids stay.
void purge(const Work &work)
{
    int const stream = work.stream.id;
    if (int const seconds = pg::settings::keep_unchanged_batches(); seconds >= 0)
        for (const catalog::OldBatch &batch : catalog::old_idle_batches(stream, seconds, batches_of_a_call))
            catalog::forget_batch(stream, batch);
    if (int const seconds = pg::settings::keep_run_ids(); seconds >= 0)
        for (const catalog::Run &run : catalog::old_runs(stream, seconds, runs_of_a_call))
            if (run.batch != work.batch.id)
                catalog::forget_run(stream, run.id);
}

} // namespace datasurface::batch
