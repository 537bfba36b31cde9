#include "native/load_chunk.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "heap/snapshot.hpp"
#include "heap/write.hpp"
#include "native/changes.hpp"
#include "native/progress.hpp"
#include "native/receive.hpp"
#include "pg/stop_point.hpp"

namespace datasurface::native {

namespace {

[[noreturn]] void refuse_null(const shape::Shape &shape, int column)
{
    throw Error(sqlstate::null_key,
                "a row of " + title(shape) + " has a NULL in its key column \"" +
                    shape.columns[static_cast<std::size_t>(column)].name + "\"",
                "Its chunk was not loaded.", "Correct the rows at their source, or leave them out by a filter.");
}

LoadedChunk load(const merge::Plan &plan, const heap::Tables &tables, heap::Arriving &rows, std::int64_t most)
{
    Progress progress{RelationGetRelid(tables.merge.relation), plan.batch};
    progress.phase = Phase::receiving;
    note_received(progress, rows, 0);
    show(progress); // a source may take long before the first row
    heap::Writer *const writer = pg::call([&] { return heap::begin_writing(tables, true, true); });
    LoadedChunk loaded;
    for (heap::ArrivingRows next = next_of(rows); next.count > 0; next = next_of(rows)) {
        heap::LoadedNew const some = pg::call([&] { return heap::load_new(*writer, next); });
        if (some.null_key >= 0)
            refuse_null(plan.shape, some.null_key);
        loaded.rows += some.rows;
        loaded.skipped += some.skipped;
        loaded.too_large = most > 0 && loaded.rows + loaded.skipped > most;
        if (loaded.too_large)
            break;
        progress.rows_done = progress.changes_done = loaded.rows;
        note_received(progress, rows, next.count);
        show(progress);
        pg::stop_point("load.receiving");
    }
    pg::call([&] { heap::end_writing(*writer); });
    return loaded;
}

} // namespace

LoadedChunk load_chunk(const merge::Plan &plan, const pg::Snapshot &snapshot,
                       const std::function<std::unique_ptr<heap::Arriving>()> &open, std::int64_t most)
{
    MemoryContext const context = pg::call(
        [] { return AllocSetContextCreate(CurTransactionContext, "datasurface load", ALLOCSET_START_SMALL_SIZES); });
    heap::Opened const opened =
        pg::call([&] { return heap::open_tables(plan, context, heap::push_snapshot(snapshot)); });
    LoadedChunk loaded;
    std::unique_ptr<heap::Arriving> const rows = opened.problem == nullptr ? open() : nullptr;
    if (rows)
        loaded = load(plan, *opened.tables, *rows, most);
    else
        loaded.refused = opened.problem != nullptr ? opened.problem : "the rows are not those of the tables";
    if (rows && !loaded.too_large)
        rows->close();
    pg::call([&] {
        PopActiveSnapshot();
        if (opened.tables != nullptr)
            heap::close_tables(*opened.tables);
        MemoryContextDelete(context);
    });
    show_nothing();
    return loaded;
}

} // namespace datasurface::native
