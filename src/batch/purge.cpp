#include "batch/purge.hpp"

#include "pg/settings.hpp"

namespace datasurface::batch {

namespace {

// A commit adds one batch and takes two away, so what has piled up becomes less; the work is no more than twice a batch's own.
constexpr int batches_of_a_commit = 2;
constexpr int runs_of_a_commit = 10;

} // namespace

// The open batch is not committed yet, so it is none of those that are found; its run ids stay.
void purge(const Work &work)
{
    int const stream = work.stream.id;
    if (int const seconds = pg::settings::keep_unchanged_batches(); seconds >= 0)
        for (int const batch : catalog::old_unchanged_batches(stream, seconds, batches_of_a_commit))
            catalog::forget_batch(stream, batch);
    if (int const seconds = pg::settings::keep_run_ids(); seconds >= 0)
        for (const catalog::Run &run : catalog::old_runs(stream, seconds, runs_of_a_commit))
            if (run.batch != work.batch.id)
                catalog::forget_run(stream, run.id);
}

} // namespace datasurface::batch
