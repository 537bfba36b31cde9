#include "native/worker_raising.hpp"

extern "C" {
#include "access/parallel.h"
#include "access/table.h"
#include "utils/snapmgr.h"
}

namespace datasurface::native {

Worker begin_worker(dsm_segment *segment, shm_toc *toc)
{
    Worker worker{};
    worker.context = AllocSetContextCreate(CurTransactionContext, "datasurface compare", ALLOCSET_DEFAULT_SIZES);
    worker.task = static_cast<SharedTask *>(shm_toc_lookup(toc, task_key, false));
    worker.result = static_cast<SharedResult *>(shm_toc_lookup(toc, results_key, false)) + ParallelWorkerNumber;
    SharedFileSetAttach(&worker.task->files, segment);
    worker.tables = open_shared(*worker.task, static_cast<int *>(shm_toc_lookup(toc, numbers_key, false)),
                                worker.context, GetActiveSnapshot());
    heap::LeftOut const left_out{static_cast<std::uint64_t *>(shm_toc_lookup(toc, left_out_key, false)),
                                 worker.task->left_out};
    worker.walk = begin_walk(*worker.tables, worker.task->ranges, worker.task->seed, left_out);
    return worker;
}

void end_worker(const Worker &worker)
{
    end_walk(worker.walk);
    table_close(worker.tables->staging.relation, NoLock);
    table_close(worker.tables->merge.relation, NoLock);
    MemoryContextDelete(worker.context);
}

BufFile *create_shared_file(const Worker &worker, const char *kind)
{
    MemoryContext const old = MemoryContextSwitchTo(worker.context);
    BufFile *const file = BufFileCreateFileSet(&worker.task->files.fs, file_name(kind, ParallelWorkerNumber));
    MemoryContextSwitchTo(old);
    return file;
}

} // namespace datasurface::native
