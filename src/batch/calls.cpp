// The calls that take one step, or look at or set a batch's state. run() is in run.cpp.
#include "batch/run.hpp"
#include "batch/run_id.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/shape.hpp"
#include "ingest/run.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "pg/table.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

using catalog::BatchState;

// The datasets of the stream, and those that have left it since the batch began.
std::vector<catalog::Dataset> datasets_to_clear(const Work &work, const catalog::Batch &batch)
{
    std::vector<catalog::Dataset> all = catalog::datasets_of_batch(batch.stream_id, batch.id);
    for (catalog::Dataset &row : catalog::datasets_of_stream(work.store.id, work.stream.dataset_id))
        if (std::none_of(all.begin(), all.end(), [&](const catalog::Dataset &other) { return other.id == row.id; }))
            all.push_back(std::move(row));
    return all;
}

// Removes what a batch has staged: of a sealed batch up to its last arrival, of any other everything.
void clear_staging(const Work &work, const catalog::Batch &batch)
{
    bool const sealed = batch.resume_state == BatchState::ingested;
    std::vector<catalog::BatchDataset> const records = catalog::batch_datasets(batch);
    std::vector<std::pair<shape::Shape, merge::Staged>> to_clear;
    pg::TypeCache types;
    for (const catalog::Dataset &row : datasets_to_clear(work, batch)) {
        if (!row.reconciled_digest)
            continue; // it has no tables yet
        merge::Staged staged;
        for (const catalog::BatchDataset &record : records)
            if (record.dataset_id == row.id)
                staged = record.staged;
        shape::Shape shape = catalog::load_shape(work.store, row, types);
        if (!pg::exists(shape.names.staging))
            continue; // dropped by hand: nothing is staged
        to_clear.emplace_back(std::move(shape), staged);
        // whose table it is, and before the snapshot, as any other step does
        ingest::lock(to_clear.back().first, {});
    }
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (const auto &[shape, staged] : to_clear)
            if (sealed)
                ingest::clear(shape, staged, snapshot);
            else
                ingest::clear_all(shape, snapshot);
    });
}

// By the current model; a dataset whose tables are not made yet is found out by the next step.
std::vector<catalog::BatchDataset> fresh_records(const Work &work)
{
    std::vector<catalog::BatchDataset> records;
    for (const catalog::Dataset &row : catalog::datasets_of_stream(work.store.id, work.stream.dataset_id))
        records.push_back({row.id, row.definition_digest, {}});
    return records;
}

// A batch that failed raises what was recorded, with its own SQLSTATE; to who may see it, for it may show values of rows.
void require_committed(const catalog::Stream &stream, const catalog::Batch &batch)
{
    if (batch.state == BatchState::committed)
        return;
    std::string const title = batch_title(stream.name, batch.id);
    if (!batch.error)
        throw Error(sqlstate::not_done, title + " is " + std::string(catalog::word(batch.state)),
                    "Nothing of it is published.",
                    batch.state == BatchState::discarded
                        ? "Its stream left the model before anything was staged. Run with another run_id."
                        : "Call ds_run until it answers DONE.");
    if (!rights::may(rights::Act::read_errors, pg::calling_role(), catalog::store(stream.store_id)))
        throw Error(sqlstate::not_done, title + " is failed", "Nothing of it is published.",
                    "The store's operators and the members of its owner see why.");
    std::string const where = "Step \"" + batch.error_step + "\" of " + title + " failed.";
    const Error &error = *batch.error;
    throw Error(error.sqlstate, error.message, error.detail.empty() ? where : error.detail + "\n" + where, error.hint);
}

} // namespace

int start(const std::string &stream, const std::optional<std::string> &run_id)
{
    check_run_id(run_id);
    Work const work = begin_work(stream);
    if (run_id)
        if (std::optional<catalog::Batch> const known = catalog::batch_of_run(work.stream.id, *run_id))
            return known->id;
    if (std::optional<catalog::Batch> const open = catalog::open_batch(work.stream.id))
        refuse_open(work, *open, is_pushed(work));
    return open_batch(work, run_id).id;
}

std::int64_t ingest(const std::string &stream, int batch, std::optional<std::int64_t> rows)
{
    Work const work = begin_work(stream);
    Progress progress;
    return ingest(work, require_open(work, batch), {rows, std::nullopt}, progress);
}

std::vector<Merged> merge_staging(const std::string &stream, int batch)
{
    Work const work = begin_work(stream);
    Progress progress;
    return merge(work, require_open(work, batch), progress);
}

int require(const std::string &stream, const std::optional<std::string> &run_id)
{
    check_run_id(run_id);
    catalog::Stream const found = find_stream(stream);
    std::optional<catalog::Batch> const batch =
        run_id ? catalog::batch_of_run(found.id, *run_id) : catalog::newest_batch(found.id);
    if (!batch)
        throw Error(sqlstate::not_done,
                    run_id ? "run \"" + *run_id + "\" has no batch of stream \"" + stream + "\""
                           : "stream \"" + stream + "\" has no batch",
                    std::string("A run has a batch once ds_run or ds_start_batch was called with its run_id") +
                        (run_id ? ", until the run id is forgotten (datasurface.keep_run_ids)." : "."),
                    rights::may(rights::Act::run_batches, pg::calling_role(), catalog::store(found.store_id))
                        ? "Call ds_run first."
                        : "Ask again later; the store's operators and the members of its owner run it.");
    require_committed(found, *batch);
    return batch->id;
}

void require_batch(const std::string &stream, int batch)
{
    catalog::Stream const found = find_stream(stream);
    // of a committed batch another call may have forgotten everything by now
    if (std::optional<catalog::Batch> const still = catalog::find_batch(found.id, batch))
        require_committed(found, *still);
}

std::string reset(const std::string &stream, int batch_id, const std::string &if_committed)
{
    if (if_committed != "error" && if_committed != "ignore")
        throw Error(sqlstate::invalid_parameter_value,
                    "if_committed must be 'error' or 'ignore', not '" + if_committed + "'",
                    "It says what a committed batch is.", "'ignore' makes it no error.");
    Work const work = begin_work(stream);
    std::optional<catalog::Batch> const named = catalog::find_batch(work.stream.id, batch_id);
    if (named && named->state == BatchState::committed) {
        if (if_committed == "ignore")
            return std::string(catalog::word(named->state));
        throw Error(sqlstate::wrong_batch_state, batch_title(stream, batch_id) + " is committed and cannot be reset",
                    "Its rows are published.", "What a committed batch did is corrected by the next batch.");
    }
    catalog::Batch const batch = require_open(work, batch_id);
    clear_staging(work, batch);
    catalog::save_batch_datasets(batch, fresh_records(work));
    catalog::set_batch_state(batch, BatchState::started);
    return std::string(catalog::word(BatchState::started));
}

void fail(const std::string &stream, int batch_id, const std::string &reason)
{
    if (reason.find_first_not_of(" \t\n") == std::string::npos)
        throw Error(sqlstate::invalid_parameter_value, "the reason must not be empty",
                    "ds_require raises it as the message.", "Say why the batch is failed.");
    Work const work = begin_work(stream);
    record_failure(require_open(work, batch_id), is_pushed(work), "operator",
                   Error(sqlstate::failed_by_operator, reason));
}

// An answer is given for a time up to the newest commit that is visible, and is final. Commits of a stream have its lock, one
// after the other until their transactions end, and each is later than the last: what is visible has everything before it
// visible too, and what is not visible yet, or not begun, will be later. For a later time there may be an open transaction
// that has its commit time already. A transaction sees its own commits too; those answers last if it commits. A batch that
// changed nothing is never an answer, so it may be forgotten one day.
std::optional<int> batch_at(const std::string &stream, const std::string &time)
{
    // also of a stream that has left the model: its batches and their rows are still there
    std::optional<catalog::Stream> const found = catalog::find_stream(stream);
    catalog::BatchAt const at = catalog::batch_at((found ? *found : find_stream(stream)).id, time);
    if (!at.checked_at)
        throw Error(sqlstate::time_not_final, "stream \"" + stream + "\" has not committed a batch yet",
                    "A transaction that is still open may be about to commit its first one, with an earlier time.",
                    "Ask again when datasurface.streams shows checked_at of the stream.");
    if (!at.is_final)
        throw Error(sqlstate::time_not_final, "the batch of stream \"" + stream + "\" at that time is not final yet",
                    "The newest time that can be answered is " + *at.checked_at + ", the stream's last commit.",
                    time == "infinity" ? "Ask for that time to get the newest batch."
                                       : "Ask for that time or an earlier one, or ask again after the next run.");
    return at.batch;
}

} // namespace datasurface::batch
