#include "batch/load_chunk.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/lock.hpp"
#include "batch/source.hpp"
#include "batch/windows.hpp"
#include "catalog/source.hpp"
#include "catalog/watermark.hpp"
#include "ingest/plan_window_sql.hpp"
#include "ingest/run.hpp"
#include "merge/run_load.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"
#include "pg/digest.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/stop_point.hpp"
#include "reconcile/publish.hpp"

namespace datasurface::batch {

namespace {

constexpr std::int64_t most_of_expected = 2; // as large as a chunk may become before it is cut again

std::string digest_of_rows(const model::Dataset &dataset, const catalog::Store &store)
{
    std::optional<catalog::Source> const source =
        store.source.empty() ? std::nullopt : catalog::find_source(store.source);
    return pg::sha256(model::rows_json(dataset, store.owner, source ? &source->definition : nullptr));
}

std::vector<std::string> names_there(const model::Dataset &dataset)
{
    std::vector<std::string> names;
    for (const std::string &key : dataset.primary_key)
        for (const model::Column &column : dataset.columns)
            if (column.name == key)
                names.push_back(column.from ? *column.from : column.name);
    return names;
}

// A type outside pg_catalog may have operators of its own, which are not found there.
bool is_ordered_alike(const shape::Shape &shape)
{
    for (const std::string &key : shape.primary_key)
        if (shape.column(key).type.name.find('.') != std::string::npos)
            return false;
    return true;
}

} // namespace

Loading::Loading(const catalog::Stream &stream, const catalog::Store &store, const catalog::Dataset &dataset)
{
    work_.stream = stream;
    work_.store = store;
    work_.facts.call = Call::run;
    catalog::Dataset row = catalog::datasets_by_id({dataset.id}).at(0);
    definition_ = model::dataset_from_json(row.definition);
    first_load_ = definition_.first_load.value_or(model::FirstLoad());
    rows_digest_ = digest_of_rows(definition_, store);
    work_.members.push_back({std::move(row), definition_, nullptr});
}

std::string Loading::lock_and_select(ingest::Origin &origin)
{
    std::string select = lock_for_ingest(work_, origin, progress_).at(0);
    lock_for_merge(work_, true, progress_);
    return select;
}

ingest::TableFacts Loading::facts(ingest::Origin &origin) const
{
    const Member &member = work_.members.front();
    const model::TableName &table = member.kept->pull.table;
    if (table.name.empty())
        return {};
    std::string const query = ingest::table_facts_statement(table, names_there(definition_));
    return ingest::table_facts(origin.ask_catalogs(member.shape(), query));
}

bool Loading::begin(catalog::Load load)
{
    make_shapes(work_);
    if (!reconcile::show_as_published(work_.store, work_.members.front().row))
        return false;
    std::unique_ptr<ingest::Origin> const origin = begin_origin(work_);
    Windows windows(work_, *origin);
    std::string const select = lock_and_select(*origin);
    load.has_begun = true;
    load.chunk_rows = first_load_.chunk_rows;
    if (origin->identity() != nullptr)
        load.source = *origin->identity();
    merge::clear_load(work_.members.front().shape());
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        cut(load, windows.select(0, select, snapshot), *origin, snapshot);
        if (work_.members.front().watermark() != nullptr && load.cut_by)
            take_mark(load, windows);
    });
    end_origin(work_, *origin);
    pg::stop_point("load.begun");
    return true;
}

void Loading::cut(catalog::Load &load, const std::string &select, ingest::Origin &origin, const pg::Snapshot &snapshot)
{
    const shape::Shape &shape = work_.members.front().shape();
    ingest::Cuts cuts;
    if (definition_.first_load) // it has left the model since: the next batch loads all at once
        cuts = ingest::plan_cuts(facts(origin), is_ordered_alike(shape), first_load_.chunk_rows);
    bool is_exact = false;
    if (cuts.counts) {
        std::vector<std::string> const counted =
            origin.row_of(shape, ingest::cuts_statement(select, shape.primary_key, {}, first_load_.chunk_rows),
                          snapshot);
        is_exact = true;
        cuts.bounds = counted.at(1);
        cuts.rows = first_load_.chunk_rows;
        if (std::stoll(counted.at(0)) <= first_load_.chunk_rows)
            cuts.by.reset();
    }
    load.cut_by = cuts.by;
    load.null_keys = cuts.null_keys;
    catalog::save_load(load);
    if (cuts.by)
        catalog::cut_load(load.dataset_id, {cuts.bounds, is_exact || *cuts.by == ingest::CutBy::place ? 0 : cuts.step,
                                            cuts.rows, is_exact});
}

// As if all rows were read now: what changes from now on is in the window of the batch that follows. Rows that are deleted meanwhile are in none.
void Loading::take_mark(const catalog::Load &load, const Windows &windows)
{
    catalog::BatchDataset record;
    windows.note(0, record);
    int const dataset = work_.members.front().row.id;
    catalog::save_mark(dataset, record.mark.value(), pg::clock_time(), 0, 0);
    if (load.cut_by == ingest::CutBy::place) // a CLUSTER of the source moves rows, and leaves their marks
        catalog::require_whole(dataset, "its first load has read rows by their places");
    else if (!work_.members.front().watermark()->full_every.empty())
        catalog::require_whole(dataset, "rows may have been deleted while its first load read others");
}

namespace {

bool is_large(const catalog::Load &load, const catalog::Chunk &chunk)
{
    return chunk.expected && *chunk.expected * 2 > load.chunk_rows * 3;
}

} // namespace

void Loading::load(const catalog::Load &load, const catalog::Chunk &chunk)
{
    make_shapes(work_);
    bool const by_key = load.cut_by == ingest::CutBy::key;
    if (by_key && !chunk.is_exact && is_large(load, chunk))
        return count_and_cut(load, chunk);
    bool too_large = false;
    (void)pg::keep_if([&] {
        too_large = !try_to_load(load, chunk);
        return !too_large;
    });
    if (too_large)
        count_and_cut(load, chunk);
    else if (load.has_failed)
        catalog::forget_failure(load.dataset_id);
}

namespace {

// Where the tables or rows need an INSERT.
native::LoadedChunk load_staged(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot,
                                ingest::Origin &origin, std::int64_t most)
{
    native::LoadedChunk loaded;
    merge::Staged const staged = ingest::pull(shape, merge::batch_of_load, select, snapshot, origin);
    loaded.too_large = most > 0 && staged.rows > most;
    if (loaded.too_large)
        return loaded;
    loaded.rows = merge::load_staged(shape);
    loaded.skipped = staged.rows - loaded.rows;
    ingest::clear_all(ingest::staging_table(shape), snapshot);
    return loaded;
}

} // namespace

// A chunk of a standby that lags, or of a server that was restored, lacks what was there when the load began: a mark of then would not find it.
void Loading::require_forwards(const catalog::Load &load, const ingest::Origin &origin) const
{
    if (!load.source || origin.identity() == nullptr)
        return;
    std::optional<remote::Backwards> const found = remote::backwards(*load.source, *origin.identity());
    if (!found)
        return;
    const std::string &dataset = work_.members.front().row.name;
    throw Error(
        sqlstate::object_not_in_prerequisite_state,
        "source \"" + work_.store.source + "\" " + in_words(*found, "the begin of the first load"),
        "A chunk of dataset \"" + dataset + "\" would lack what was there then.",
        "Call again when the source is where it was. If the server was moved or restored on purpose, call ds_reset_load(" +
            sqltext::literal(work_.stream.name) + ", " + sqltext::literal(dataset) + ") first.");
}

// False when it is too large: then what was loaded must be rolled back.
bool Loading::try_to_load(const catalog::Load &load, const catalog::Chunk &chunk)
{
    Stopwatch const watch;
    std::unique_ptr<ingest::Origin> const origin = begin_origin(work_);
    require_forwards(load, *origin);
    std::string const select = lock_and_select(*origin);
    const shape::Shape &shape = work_.members.front().shape();
    bool const by_place = load.cut_by == ingest::CutBy::place;
    std::int64_t const most = by_place || chunk.is_exact ? 0 : most_of_expected * load.chunk_rows;
    native::LoadedChunk loaded;
    bool was_cut = false;
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        if (by_place && chunk.range.upper.empty() && !chunk.range.lower.empty()) {
            std::string const rest = ingest::places_between(chunk.range.lower.front(), facts(*origin), load.chunk_rows);
            was_cut = !rest.empty();
            if (was_cut)
                return catalog::cut_chunk(load.dataset_id, chunk, {rest, 0, -1, false});
        }
        std::string const rows = select_of(load, chunk, select);
        loaded = merge::load_chunk(
            shape, snapshot, [&] { return ingest::open_as_owner(shape, rows, snapshot, *origin); }, most);
        if (!loaded.refused.empty())
            loaded = load_staged(shape, rows, snapshot, *origin, most);
    });
    if (loaded.too_large)
        return false;
    end_origin(work_, *origin);
    if (was_cut)
        return true;
    pg::stop_point("load.chunk_written");
    catalog::DoneChunk done{loaded.rows, loaded.skipped, std::nullopt, watch.seconds()};
    if (origin->identity() != nullptr)
        done.received_bytes = origin->received();
    catalog::finish_chunk(load.dataset_id, chunk.number, done);
    // it may come twice at the source, which a window would not find
    if (loaded.skipped > 0 && work_.members.front().watermark() != nullptr)
        catalog::require_whole(load.dataset_id, "its first load has met a key twice");
    pg::stop_point("load.chunk_recorded");
    return true;
}

void Loading::count_and_cut(const catalog::Load &load, const catalog::Chunk &chunk)
{
    std::unique_ptr<ingest::Origin> const origin = begin_origin(work_);
    std::string const select = lock_and_select(*origin);
    const shape::Shape &shape = work_.members.front().shape();
    std::vector<std::string> counted;
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        counted = origin->row_of(shape,
                                 ingest::cuts_statement(select_without_deleted(select), shape.primary_key, chunk.range,
                                                        load.chunk_rows),
                                 snapshot);
    });
    end_origin(work_, *origin);
    catalog::cut_chunk(load.dataset_id, chunk,
                       {counted.at(1), 0, std::min<std::int64_t>(load.chunk_rows, std::stoll(counted.at(0))), true});
    pg::stop_point("load.cut");
}

// Of a watermark, rows that are marked as deleted are not loaded.
std::string Loading::select_without_deleted(const std::string &select) const
{
    const model::Watermark *const watermark = work_.members.front().watermark();
    if (watermark == nullptr)
        return select;
    ingest::Window whole;
    whole.why_whole = "first load";
    return ingest::select_of(*watermark, whole, select);
}

std::string Loading::select_of(const catalog::Load &load, const catalog::Chunk &chunk, const std::string &select) const
{
    const Member &member = work_.members.front();
    if (load.cut_by == ingest::CutBy::place)
        return select_without_deleted(ingest::in_places(select, member.kept->pull, chunk.range));
    return ingest::in_keys(select_without_deleted(select), member.shape().primary_key, chunk.range, load.null_keys);
}

} // namespace datasurface::batch
