#include "batch/first_load.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/load_chunk.hpp"
#include "catalog/load.hpp"
#include "pg/report.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/stop_point.hpp"
#include "reconcile/publish.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

constexpr int busy_milliseconds = 100; // until somebody who begins a load is asked again

std::vector<int> ids_of(const std::vector<catalog::Dataset> &datasets)
{
    std::vector<int> ids;
    for (const catalog::Dataset &dataset : datasets)
        ids.push_back(dataset.id);
    return ids;
}

std::vector<catalog::Dataset> left_to_load(const catalog::Stream &stream)
{
    std::vector<catalog::Dataset> left = catalog::datasets_of_stream(stream.store_id, stream.dataset_id);
    std::erase_if(left, [](const catalog::Dataset &dataset) { return !dataset.unpublished; });
    if (left.empty())
        return left;
    std::vector<int> const complete = catalog::complete_loads(ids_of(left));
    std::erase_if(left, [&](const catalog::Dataset &dataset) {
        return std::find(complete.begin(), complete.end(), dataset.id) != complete.end();
    });
    return left;
}

bool all_are_left(const catalog::Stream &stream, const std::vector<catalog::Dataset> &left)
{
    return left.size() == catalog::datasets_of_stream(stream.store_id, stream.dataset_id).size();
}

bool goes_on(const std::optional<catalog::Load> &load, const std::string &rows_digest)
{
    return load && load->has_begun && load->rows_digest == rows_digest;
}

// The load of a dataset, locked as its next step needs it; nothing if others have it. Who begins a load does not join it before: two that wait for
// each other would both keep what they have.
std::optional<catalog::Load> lock_load(const catalog::Dataset &dataset, const std::string &rows_digest)
{
    std::optional<catalog::Load> const found = catalog::find_load(dataset.id);
    if (goes_on(found, rows_digest)) {
        std::optional<catalog::Load> joined = catalog::join_load(dataset.id);
        return goes_on(joined, rows_digest) ? joined : std::nullopt;
    }
    if (!catalog::lock_dataset(dataset.id)) // who begins a load
        return std::nullopt;
    if (!catalog::datasets_by_id({dataset.id}).at(0).unpublished) // a batch has published it meanwhile
        return std::nullopt;
    if (!catalog::take_load(dataset.id) && catalog::find_load(dataset.id)) // who loads by another model
        return std::nullopt;
    return catalog::Load{dataset.id, rows_digest};
}

// The row is there for the error of an attempt to begin.
void note_failure(catalog::Load load, const Error &error)
{
    if (!load.has_begun && !load.has_failed)
        catalog::save_load(load);
    catalog::note_failure(load.dataset_id, error);
}

// A person has to find the row at the source.
Error in_chunk(const Error &error, const catalog::Load &load, const catalog::Chunk &chunk)
{
    std::string where = "It was in chunk " + std::to_string(chunk.number);
    std::string const what = load.cut_by == ingest::CutBy::place ? "ctid" : "keys";
    if (!chunk.range.lower.empty())
        where += ", " + what + " from (" + sqltext::join(chunk.range.lower, ", ") + ") on";
    if (!chunk.range.upper.empty())
        where += ", " + what + " below (" + sqltext::join(chunk.range.upper, ", ") + ")";
    return {error.sqlstate, error.message, (error.detail.empty() ? "" : error.detail + "\n") + where + ".", error.hint};
}

std::optional<Loaded> take_step(const catalog::Stream &stream, const catalog::Store &store,
                                const catalog::Dataset &dataset)
{
    Loading loading(stream, store, dataset);
    std::optional<catalog::Load> load = lock_load(dataset, loading.rows_digest());
    if (!load)
        return std::nullopt;
    std::optional<catalog::Chunk> chunk;
    if (load->has_begun) {
        chunk = catalog::take_chunk(dataset.id, loading.at_once());
        if (!chunk)
            return std::nullopt;
    }
    bool taken = true;
    std::optional<Error> const error = pg::savepoint([&] {
        if (chunk)
            loading.load(*load, *chunk);
        else
            taken = loading.begin(*load);
    });
    if (error) {
        note_failure(*load, chunk ? in_chunk(*error, *load, *chunk) : *error);
        pg::warn("the first load of dataset \"" + dataset.name + "\" of stream \"" + stream.name +
                     "\" has failed: " + error->message,
                 error->hint);
        return Loaded::failed;
    }
    pg::stop_point("load.saved");
    return taken ? std::optional(Loaded::some) : std::nullopt;
}

} // namespace

namespace {

// One whose load has failed must not keep the others waiting; of these the one that failed longest ago comes first. Returns how many have not.
std::size_t put_failed_last(std::vector<catalog::Dataset> &left)
{
    std::vector<int> const failed = catalog::failed_loads(ids_of(left));
    auto const turn = [&](const catalog::Dataset &dataset) {
        auto const found = std::find(failed.begin(), failed.end(), dataset.id);
        return found == failed.end() ? -1 : found - failed.begin();
    };
    std::stable_sort(left.begin(), left.end(), [&](const catalog::Dataset &one, const catalog::Dataset &other) {
        return turn(one) < turn(other);
    });
    return left.size() - failed.size();
}

} // namespace

Loaded load_next(const catalog::Stream &stream, const catalog::Store &store, bool may_wait)
{
    std::vector<catalog::Dataset> left = left_to_load(stream);
    if (left.empty())
        return Loaded::nothing;
    std::size_t const healthy = put_failed_last(left);
    if (healthy > 0) // the others wait until these are loaded
        left.resize(healthy);
    for (const catalog::Dataset &dataset : left)
        if (std::optional<Loaded> const step = take_step(stream, store, dataset))
            return *step == Loaded::failed && healthy > 1 ? Loaded::some : *step;
    // others are at work on all of them
    bool waited = !may_wait;
    for (const catalog::Dataset &dataset : left)
        waited = waited || catalog::wait_for_chunk(dataset.id);
    if (!waited)
        pg::pause(busy_milliseconds);
    return Loaded::some;
}

namespace {

Loaded load_if(const std::string &name, bool only_alone)
{
    catalog::Stream const stream = find_stream(name);
    if (!catalog::any_unpublished(stream.store_id, stream.dataset_id))
        return Loaded::nothing;
    std::vector<catalog::Dataset> const left = left_to_load(stream);
    if (left.empty() || (only_alone && !all_are_left(stream, left)))
        return Loaded::nothing;
    catalog::Store const store = catalog::store(stream.store_id);
    pg::require_writable("run batches");
    pg::require_read_committed();
    rights::require_to_run(pg::calling_role(), store, name);
    AtWork const at_work(stream.id, stream.name);
    return load_next(stream, store, true);
}

} // namespace

Loaded load_alone(const std::string &stream)
{
    return load_if(stream, true);
}

Loaded load_more(const std::string &stream)
{
    return load_if(stream, false);
}

void give_chunks_up(Work &work)
{
    if (!work.members.empty() || !work.has_unpublished)
        return;
    for (const catalog::Dataset &dataset : left_to_load(work.stream)) {
        std::optional<catalog::Load> load = catalog::take_load(dataset.id);
        if (!load && catalog::find_load(dataset.id))
            throw Error(sqlstate::lock_not_available,
                        "dataset \"" + dataset.name + "\" of stream \"" + work.stream.name + "\" is being loaded",
                        "Another session loads a chunk of it.", "Call again when that has ended; nothing was changed.");
        if (load && load->has_begun) {
            catalog::forget_open_chunks(dataset.id);
            continue;
        }
        load = catalog::Load{dataset.id, Loading(work.stream, work.store, dataset).rows_digest()};
        load->has_begun = true;
        catalog::save_load(*load);
    }
    load_members(work);
}

void tell_of_loads(const Work &work)
{
    if (!work.has_unpublished)
        return;
    for (const catalog::Dataset &dataset : left_to_load(work.stream))
        pg::notice("the first load of dataset \"" + dataset.name + "\" of stream \"" + work.stream.name +
                       "\" is left to calls with a budget",
                   "CALL datasurface.ds_run_to_end(" + sqltext::literal(work.stream.name) + ") loads it.");
}

void require_loads(const catalog::Stream &stream)
{
    for (const catalog::Dataset &dataset : left_to_load(stream))
        if (std::optional<Error> const error = catalog::failure_of_load(dataset.id))
            throw Error(error->sqlstate, error->message,
                        (error->detail.empty() ? "" : error->detail + "\n") + "The first load of dataset \"" +
                            dataset.name + "\" of stream \"" + stream.name +
                            "\" failed; what it has loaded before stays.",
                        error->hint);
}

void publish_loads(const Work &work)
{
    for (const Member &member : work.members) {
        if (!member.row.unpublished)
            continue;
        bool const done = pg::keep_if([&] {
            if (!catalog::lock_dataset(member.row.id)) // reconcile makes views of it
                return false;
            catalog::set_published(member.row.id, work.batch.id);
            return reconcile::show_as_published(work.store, catalog::datasets_by_id({member.row.id}).at(0));
        });
        if (done)
            catalog::close_load(member.row.id);
        else
            pg::warn("dataset \"" + member.row.name + "\" of stream \"" + work.stream.name +
                         "\" is loaded, and not published yet",
                     "Somebody used a view of it at that moment. The next batch publishes it.");
    }
}

} // namespace datasurface::batch
