#include "native/workers.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "native/workers_raising.hpp"
#include "pg/savepoint.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "storage/dsm.h"
}

namespace datasurface::native {

namespace {

// A worker takes some milliseconds to start. So many blocks keep it busy for much longer.
constexpr std::uint32_t blocks_per_process = 4096;

int workers_worth(const Limits &limits, const Ranges &ranges)
{
    std::uint32_t const blocks = ranges.staging_blocks + ranges.merge_blocks;
    std::uint32_t const processes = std::min(blocks / blocks_per_process, ranges.units());
    return std::min(limits.workers, static_cast<int>(processes > 0 ? processes - 1 : 0));
}

// Containers often have little shared memory, and an error about it would end the transaction. So this first tries an allocation under
// a savepoint. Returns the server's message when it failed.
std::string try_shared_memory(std::size_t bytes)
{
    std::optional<Error> const failure = pg::savepoint(
        [&] {
            pg::stop_point("parallel.shared_memory");
            pg::call([&] { dsm_detach(dsm_create(bytes, 0)); });
        },
        pg::OnError::return_resource_errors);
    return failure ? failure->message : "";
}

// Reads what a worker wrote to one of its files, batch by batch.
template <class Item, class Take>
void read_all(TemporaryFiles &files, Pool &pool, const char *kind, int worker, std::uint64_t count, Take take)
{
    if (count == 0)
        return;
    int const file = files.adopt(pg::call([&] { return open_shared_file(pool, kind, worker); }));
    Item items[512];
    std::uint64_t seen = 0;
    while (std::size_t const bytes = files.read(file, items, sizeof items)) {
        take(items, bytes / sizeof(Item));
        seen += bytes / sizeof(Item);
    }
    files.close(file);
    if (seen != count)
        throw Error(sqlstate::internal_error, "a parallel worker's file is not what it wrote");
}

template <class Item>
void append_all(TemporaryFiles &files, Pool &pool, const char *kind, int worker, std::uint64_t count,
                diff::Tape<Item> &tape)
{
    read_all<Item>(files, pool, kind, worker, count, [&](const Item *items, std::size_t some) {
        for (std::size_t i = 0; i < some; ++i)
            tape.append(items[i]);
    });
}

std::string why_fewer(int launched, int wanted)
{
    if (launched == wanted)
        return "";
    return std::to_string(launched) + " of " + std::to_string(wanted) + " parallel workers were free";
}

} // namespace

Workers::Workers(const heap::Tables &tables, const Limits &limits, Ranges ranges, std::uint64_t seed,
                 heap::LeftOut left_out)
{
    int const wanted = workers_worth(limits, ranges);
    if (wanted == 0)
        return;
    // PostgreSQL itself shares about 128 kB for each process
    std::size_t const about = 131072 * (static_cast<std::size_t>(wanted) + 1) + sizeof(std::uint64_t) * left_out.count;
    std::string const problem = try_shared_memory(about);
    if (!problem.empty()) {
        why_no_more_ = "no parallel workers: " + problem;
        return;
    }
    pool_ = pg::call([&] { return start_workers(tables, limits.memory, ranges, seed, left_out, wanted); });
    why_no_more_ = why_fewer(pool_->context->nworkers_launched, wanted);
}

std::uint32_t Workers::next_unit()
{
    return pool_ == nullptr ? next_++ : pg_atomic_fetch_add_u32(&pool_->task->next_unit, 1);
}

int Workers::launched() const
{
    return pool_ == nullptr ? 0 : pool_->context->nworkers_launched;
}

Walked Workers::walked() const
{
    if (pool_ == nullptr)
        return {};
    auto const read = [](pg_atomic_uint64 &count) { return static_cast<std::int64_t>(pg_atomic_read_u64(&count)); };
    return {read(pool_->task->blocks_done), read(pool_->task->rows_done), read(pool_->task->spilled)};
}

void Workers::wait()
{
    if (pool_ != nullptr)
        pg::call([&] { WaitForParallelWorkersToFinish(pool_->context); });
}

void Workers::gather(TemporaryFiles &files, diff::Join &join, diff::Findings &findings, Comparison &comparison)
{
    comparison.why_no_more = why_no_more_;
    if (pool_ == nullptr)
        return;
    Pool &pool = *pool_;
    comparison.workers = pool.context->nworkers_launched;
    for (int worker = 0; worker < comparison.workers; ++worker) {
        const SharedResult &result = pool.results[worker];
        comparison.unchanged += result.unchanged;
        comparison.staged += result.staged;
        comparison.null_keys += result.null_keys;
        comparison.left_out += result.left_out;
        findings.merged_twice += result.merged_twice;
        append_all(files, pool, changed_file, worker, result.changed, findings.changed);
        append_all(files, pool, twice_file, worker, result.staged_twice, findings.staged_twice);
        read_all<diff::Entry>(files, pool, waiting_file, worker, result.waiting,
                              [&](const diff::Entry *entries, std::size_t some) { join.add(entries, some); });
    }
    pg::call([&] { end_workers(pool); });
}

} // namespace datasurface::native
