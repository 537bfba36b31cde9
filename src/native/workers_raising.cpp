#include "native/workers_raising.hpp"

#include <fcntl.h>

#include "base/version.hpp"
#include "native/worker.hpp"

extern "C" {
#include "access/xact.h"
}

namespace datasurface::native {

namespace {

template <class Item>
Item *share(ParallelContext &context, SharedKey key, std::size_t bytes)
{
    auto *const place = static_cast<Item *>(shm_toc_allocate(context.toc, bytes));
    shm_toc_insert(context.toc, key, place);
    return place;
}

void estimate(ParallelContext &context, std::size_t bytes)
{
    shm_toc_estimate_chunk(&context.estimator, bytes);
    shm_toc_estimate_keys(&context.estimator, 1);
}

struct Shares { // bytes
    std::size_t numbers;
    std::size_t left_out;
    std::size_t results;
};

void describe(SharedTask &task, const heap::Tables &tables, std::size_t memory, const Ranges &ranges)
{
    task.staging = RelationGetRelid(tables.staging.relation);
    task.merge = RelationGetRelid(tables.merge.relation);
    task.columns = tables.columns;
    task.key_count = tables.key_count;
    task.deleted = tables.staging.deleted;
    task.batch_rows = tables.batch_rows;
    task.memory = memory;
    task.ranges = ranges;
    pg_atomic_init_u32(&task.next_unit, 0);
    pg_atomic_init_u64(&task.blocks_done, 0);
    pg_atomic_init_u64(&task.rows_done, 0);
    pg_atomic_init_u64(&task.spilled, 0);
}

} // namespace

Pool *start_workers(const heap::Tables &tables, std::size_t memory, const Ranges &ranges, std::uint64_t seed,
                    heap::LeftOut left_out, int wanted)
{
    auto *const pool = static_cast<Pool *>(MemoryContextAllocZero(tables.context, sizeof(Pool)));
    EnterParallelMode();
    ParallelContext *const context = CreateParallelContext(library_name, worker_function, wanted);
    pool->context = context;
    Shares const bytes{size_of_numbers(tables), sizeof(std::uint64_t) * left_out.count + 1,
                       sizeof(SharedResult) * wanted};
    estimate(*context, sizeof(SharedTask));
    estimate(*context, bytes.numbers);
    estimate(*context, bytes.left_out);
    estimate(*context, bytes.results);
    InitializeParallelDSM(context); // gives the workers the active snapshot, which is that of the merge
    pool->task = share<SharedTask>(*context, task_key, sizeof(SharedTask));
    describe(*pool->task, tables, memory, ranges);
    pool->task->seed = seed;
    pool->task->left_out = left_out.count;
    if (context->seg != nullptr) // without a segment there are no workers
        SharedFileSetInit(&pool->task->files, context->seg);
    write_numbers(tables, share<int>(*context, numbers_key, bytes.numbers));
    auto *const places = share<std::uint64_t>(*context, left_out_key, bytes.left_out);
    if (left_out.count > 0)
        memcpy(places, left_out.places, sizeof(std::uint64_t) * left_out.count);
    pool->results = share<SharedResult>(*context, results_key, bytes.results);
    memset(pool->results, 0, bytes.results);
    LaunchParallelWorkers(context);
    return pool;
}

void end_workers(Pool &pool)
{
    DestroyParallelContext(pool.context);
    ExitParallelMode();
}

BufFile *open_shared_file(const Pool &pool, const char *kind, int worker)
{
    return BufFileOpenFileSet(&pool.task->files.fs, file_name(kind, worker), O_RDONLY, false);
}

} // namespace datasurface::native
