#include "native/shared_raising.hpp"

#include "heap/layout.hpp"

extern "C" {
#include "access/table.h"
}

namespace datasurface::native {

namespace {

AttrNumber *payload(const int *numbers, int columns)
{
    auto *const payload = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * columns));
    for (int i = 0; i < columns; ++i)
        payload[i] = static_cast<AttrNumber>(numbers[i]);
    return payload;
}

} // namespace

std::size_t size_of_numbers(const heap::Tables &tables)
{
    return sizeof(int) * (2 * tables.columns + tables.key_count);
}

void write_numbers(const heap::Tables &tables, int *numbers)
{
    for (int i = 0; i < tables.columns; ++i) {
        numbers[i] = tables.staging.payload[i];
        numbers[tables.columns + i] = tables.merge.payload[i];
    }
    for (int i = 0; i < tables.key_count; ++i)
        numbers[2 * tables.columns + i] = tables.keys[i].column;
}

heap::Tables *open_shared(const SharedTask &task, const int *numbers, MemoryContext context, Snapshot snapshot)
{
    MemoryContext const old = MemoryContextSwitchTo(context);
    auto *const tables = static_cast<heap::Tables *>(palloc0(sizeof(heap::Tables)));
    tables->context = context;
    tables->snapshot = snapshot;
    tables->batch_rows = task.batch_rows;
    tables->columns = task.columns;
    tables->key_count = task.key_count;
    tables->staging = {table_open(task.staging, AccessShareLock), 1, payload(numbers, task.columns), task.deleted,
                       false};
    tables->merge = {table_open(task.merge, AccessShareLock), 2, payload(numbers + task.columns, task.columns),
                     InvalidAttrNumber, false};
    if (const char *const problem = heap::derive_layout(*tables, numbers + 2 * task.columns))
        elog(ERROR, "a parallel worker sees other tables: %s", problem);
    MemoryContextSwitchTo(old);
    return tables;
}

char *file_name(const char *kind, int worker)
{
    return psprintf("%s.%d", kind, worker);
}

} // namespace datasurface::native
