#include "native/worker.hpp"

#include "native/compare.hpp"
#include "native/walk.hpp"
#include "native/worker_raising.hpp"
#include "pg/entry.hpp"

namespace datasurface::native {

namespace {

int create_shared(const Worker &worker, TemporaryFiles &files, const char *kind)
{
    return files.adopt(pg::call([&] { return create_shared_file(worker, kind); }));
}

template <class Item>
std::uint64_t write_out(const Worker &worker, TemporaryFiles &files, const char *kind, diff::Tape<Item> &tape)
{
    if (tape.size() == 0)
        return 0;
    int const file = create_shared(worker, files, kind);
    Item items[512];
    tape.rewind();
    while (std::size_t const count = tape.read(items, 512))
        files.write(file, items, count * sizeof(Item));
    files.close(file);
    return tape.size();
}

// Adds what this worker has done since the last call.
void publish(const Worker &worker, const Walked &walked, Walked &published)
{
    pg_atomic_fetch_add_u64(&worker.task->blocks_done, walked.blocks - published.blocks);
    pg_atomic_fetch_add_u64(&worker.task->rows_done, walked.rows - published.rows);
    pg_atomic_fetch_add_u64(&worker.task->spilled, walked.spilled - published.spilled);
    published = walked;
}

// Walks units of the tables until none is left.
Walked walk_units(const Worker &worker, diff::Join &join, const TemporaryFiles &files)
{
    const SharedTask &task = *worker.task;
    Walked walked{};
    Walked published{};
    auto const next = [&] { return pg_atomic_fetch_add_u32(&worker.task->next_unit, 1); };
    for (std::uint32_t unit = next(); unit < task.ranges.units(); unit = next()) {
        for (std::uint32_t range = unit * Ranges::ranges_of_a_unit; range < task.ranges.end_of_unit(unit); ++range) {
            walked.blocks += walk_range(worker.walk, range, join);
            walked.rows = worker.walk.staging->rows + worker.walk.merge->rows;
            walked.spilled = static_cast<std::int64_t>(files.written());
            publish(worker, walked, published);
        }
    }
    return walked;
}

void run(dsm_segment *segment, shm_toc *toc)
{
    Worker const worker = pg::call([&] { return begin_worker(segment, toc); });
    const SharedTask &task = *worker.task;
    ServerMemory memory(worker.context);
    TemporaryFiles files(worker.context);
    diff::Findings findings = make_findings(memory, files, list_share(task.memory));
    diff::Join join(memory, files, task.memory, rows_of_a_range, findings);
    int const waiting = create_shared(worker, files, waiting_file);
    join.hand_over_to(waiting);
    Walked walked = walk_units(worker, join, files);
    Walked published = walked;
    join.finish();
    SharedResult &result = *worker.result;
    result.waiting = files.written(waiting) / sizeof(diff::Entry);
    files.close(waiting);
    result.changed = write_out(worker, files, changed_file, findings.changed);
    result.staged_twice = write_out(worker, files, twice_file, findings.staged_twice);
    walked.spilled = static_cast<std::int64_t>(files.written());
    publish(worker, walked, published);
    result.unchanged = static_cast<std::int64_t>(join.counts().unchanged);
    result.staged = worker.walk.staging->rows;
    result.null_keys = worker.walk.staging->null_keys;
    result.left_out = worker.walk.staging->skipped;
    result.merged_twice = findings.merged_twice;
    files.close_all();
    pg::call([&] { end_worker(worker); });
}

} // namespace

} // namespace datasurface::native

void datasurface_compare_worker(dsm_segment *segment, shm_toc *toc)
{
    datasurface::pg::guarded([&] { datasurface::native::run(segment, toc); });
}
