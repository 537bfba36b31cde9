#include "batch/steps.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "batch/clear.hpp"
#include "batch/first_load.hpp"
#include "batch/held_anew.hpp"
#include "batch/inspect.hpp"
#include "batch/lock.hpp"
#include "batch/publish.hpp"
#include "batch/purge.hpp"
#include "batch/source.hpp"
#include "batch/windows.hpp"
#include "ingest/run.hpp"
#include "merge/run.hpp"
#include "pg/report.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "pg/stop_point.hpp"

namespace datasurface::batch {

namespace {

constexpr std::size_t longest_text = 8192; // bytes of a message, detail or hint of an error that is kept

// deletes_the_rest: what is not staged would be deleted, in one dataset at least.
void require_rows(std::int64_t staged, std::optional<std::int64_t> rows, bool pushed, bool deletes_the_rest)
{
    if (rows && *rows != staged)
        throw Error(sqlstate::wrong_row_count,
                    counted(staged, "row is", "rows are") + " staged, not " + std::to_string(*rows),
                    "They are counted over all datasets of the stream.",
                    pushed ? "Stage what is missing, or reset the batch and stage the rows anew; nothing was sealed."
                           : "");
    if (pushed && !rows && staged == 0 && deletes_the_rest)
        throw Error(sqlstate::wrong_row_count, "no rows are staged",
                    "A pushed batch is a whole snapshot: without rows it deletes everything.",
                    "If that is meant, say so with rows => 0.");
}

catalog::BatchDataset stage(const Work &work, const Member &member, const std::string &select,
                            const pg::Snapshot &snapshot, ingest::Origin &origin)
{
    Stopwatch const watch;
    std::int64_t const received_before = origin.received();
    merge::Staged const staged = work.facts.pushed
                                     ? ingest::seal(member.shape())
                                     : ingest::pull(member.shape(), work.batch.id, select, snapshot, origin);
    catalog::BatchDataset record;
    record.dataset_id = member.row.id;
    record.definition_digest = member.row.definition_digest;
    record.staged = staged;
    if (work.facts.pushed && member.shape().staged_deletes)
        record.mode = merge::Mode::window;
    if (origin.identity() != nullptr)
        record.received_bytes = origin.received() - received_before;
    record.ingest_seconds = watch.seconds();
    return record;
}

void discard_batch(catalog::Batch &batch)
{
    batch.state = State::discarded;
    batch.error.reset();
    batch.staged_by.reset();
    batch.held_at.reset();
    batch.finished_at = pg::clock_time();
}

bool any_changed(const std::vector<catalog::BatchDataset> &records)
{
    return std::any_of(records.begin(), records.end(),
                       [](const catalog::BatchDataset &record) { return record.result->changed(); });
}

// A batch that changes nothing is recorded then: as of it the dataset is there.
bool publishes_load(const Work &work)
{
    return std::any_of(work.members.begin(), work.members.end(),
                       [](const Member &member) { return member.row.unpublished; });
}

bool any_whole_snapshot(const std::vector<catalog::BatchDataset> &records)
{
    return std::any_of(records.begin(), records.end(),
                       [](const catalog::BatchDataset &record) { return record.mode == merge::Mode::whole_snapshot; });
}

// Once it is known which batch the findings are recorded with. A run that records none has no number.
void warn_of(const Work &work)
{
    std::string const title = work.recording == Work::Recording::check ? "stream \"" + work.stream.name + "\""
                                                                       : batch_title(work.stream.name, work.batch.id);
    for (const catalog::Finding &finding : work.findings)
        if (finding.action == model::Action::warn)
            pg::warn(title + ": " + in_words(finding), "");
}

} // namespace

void open(Work &work)
{
    if (work.stream.last_batch >= std::numeric_limits<std::int32_t>::max() - 1)
        throw Error(sqlstate::program_limit_exceeded,
                    "stream \"" + work.stream.name + "\" has used up its batch numbers", "The largest is 2147483646.",
                    "Declare its datasets in a store of another name.");
    make_shapes(work);
    work.batch = {};
    work.batch.stream_id = work.stream.id;
    work.batch.id = work.stream.last_batch + 1;
    work.batch.started_at = pg::clock_time();
    work.batch_changed = true;
    work.records = fresh_records(work);
    work.records_changed = true;
    work.run_is_new = work.run_id.has_value();
    pg::stop_point("batch.started");
}

void start_over(Work &work)
{
    work.batch.held_at.reset();
    work.findings.clear();
    work.findings_changed = work.batch.is_recorded && work.facts.call != Call::release;
    work.batch.error.reset();
    work.batch.staged_by.reset();
    work.batch.received.reset();
    work.batch.ingested_at.reset();
    work.batch.finished_at.reset();
    work.batch.started_at = pg::clock_time();
    work.batch_changed = true;
    work.records = records_anew(work);
    work.records_changed = work.records_replaced = true;
}

namespace {

void note_ingest(Work &work, std::vector<catalog::BatchDataset> records)
{
    work.records = std::move(records);
    work.records_changed = work.records_replaced = true;
    work.batch.error.reset();
    work.batch.finished_at.reset();
    work.batch.ingested_at = pg::clock_time();
    work.batch_changed = true;
}

} // namespace

void ingest(Work &work, std::optional<std::int64_t> rows, Progress &progress)
{
    progress.step = "ingest";
    make_shapes(work);
    // A pull stages everything anew, so it adopts the model as it is now. Pushed rows were staged by that of then.
    if (work.facts.pushed)
        require_unchanged(work);
    else
        clear_left(work);
    std::unique_ptr<ingest::Origin> const origin = begin_origin(work);
    Windows windows(work, *origin);
    std::vector<std::string> const selects = lock_for_ingest(work, *origin, progress);
    std::vector<catalog::BatchDataset> records;
    std::int64_t total = 0;
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (std::size_t i = 0; i < selects.size(); ++i) {
            progress.step = "ingest of dataset " + work.members[i].row.name;
            std::string const select = windows.select(i, selects[i], snapshot);
            records.push_back(stage(work, work.members[i], select, snapshot, *origin));
            windows.note(i, records.back());
            total += records.back().staged->rows;
        }
    });
    progress.step = "ingest";
    end_origin(work, *origin);
    require_rows(total, rows, work.facts.pushed, any_whole_snapshot(records));
    for (catalog::BatchDataset &record : records)
        record.way_reason = work.why_staged;
    work.stream.pulls_to_stage = std::max(0, work.stream.pulls_to_stage - 1);
    note_ingest(work, std::move(records));
    work.batch.staged_by = work.run_id;
    work.staging_is_checked = true;
    pg::stop_point("ingest.recorded");
}

Effect pull_through(Work &work, Progress &progress)
{
    progress.step = "pull";
    make_shapes(work);
    clear_left(work);
    std::unique_ptr<ingest::Origin> const origin = begin_origin(work);
    NoteReceived const noted(*origin, progress);
    progress.receives = true;
    require_forwards(work);
    progress.receives = false;
    Windows windows(work, *origin);
    std::vector<std::string> selects = lock_for_ingest(work, *origin, progress);
    lock_for_merge(work, true, progress);
    progress.receives = true;
    std::vector<catalog::BatchDataset> records;
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (const Member &member : work.members) // rows that are there are left over from an attempt that failed
            ingest::clear_all(ingest::staging_table(member.shape()), snapshot);
        for (std::size_t i = 0; i < selects.size(); ++i)
            selects[i] = windows.select(i, selects[i], snapshot);
        Publication publication(work, fresh_records(work), snapshot, progress);
        publication.pull_through(selects, *origin);
        std::vector<merge::Staged> const kept = publication.kept();
        records = publication.close();
        for (std::size_t i = 0; i < records.size(); ++i)
            windows.note(i, records[i]);
        for (std::size_t i = 0; i < kept.size(); ++i)
            if (kept[i].rows > 0)
                ingest::clear(ingest::staging_table(work.members[i].shape()), kept[i], snapshot);
    });
    end_origin(work, *origin);
    note_ingest(work, std::move(records));
    return {Failure::none, any_changed(work.records) || publishes_load(work), Stop::none};
}

namespace {

void clear_staged(const Work &work, const pg::Snapshot &snapshot, Progress &progress)
{
    for (std::size_t i = 0; i < work.members.size(); ++i) {
        progress.step = "merge of dataset " + work.members[i].row.name;
        ingest::clear(ingest::staging_table(work.members[i].shape()), work.records[i].staged.value(), snapshot);
        pg::stop_point("merge.cleared");
    }
    progress.step = "merge";
}

} // namespace

Effect merge(Work &work, Progress &progress)
{
    progress.step = "merge";
    require_unchanged(work);
    make_shapes(work);
    lock_for_merge(work, work.staging_is_checked, progress);
    Effect effect;
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        Publication publication(work, records_by_member(work), snapshot, progress);
        bool const is_merged = publication.publish();
        if (!is_merged)
            publication.stop();
        bool const same = !is_merged && work.replaced && publication.found_the_held();
        work.records = publication.close();
        work.records_changed = true;
        if (is_merged)
            clear_staged(work, snapshot, progress);
        effect = {Failure::none, is_merged && (any_changed(work.records) || publishes_load(work)),
                  is_merged ? Stop::none
                  : same    ? Stop::same
                            : Stop::hold};
    });
    return effect;
}

void hold(Work &work)
{
    warn_of(work);
    work.is_news = true;
    work.batch.held_at = pg::clock_time();
    work.batch.error.reset(); // of an earlier attempt: pushed rows that failed stay, and are merged again
    work.batch.finished_at.reset();
    work.batch_changed = true;
    if (work.facts.call == Call::release) {
        work.decision = {catalog::Decision::release, "held", work.reason};
        warn_of_held_anew(work);
    }
    if (work.replaced) // a pull may be replaced each minute, and never commit
        purge(work);
    pg::stop_point("batch.held");
}

void replace(Work &work)
{
    work.held_batch = work.batch;
    work.replaced = work.batch;
    discard_batch(*work.replaced);
    open(work);
}

void keep_held(Work &work)
{
    catalog::Batch held = *work.held_batch;
    if (work.facts.staged) {
        held.ingested_at = work.batch.ingested_at;
        held.received = work.batch.received;
        held.staged_by = work.batch.staged_by;
        work.findings_changed = true; // the model may have other thresholds by now
    } else {
        work.records = work.held;
        work.records_changed = work.records_replaced = false;
    }
    work.replaced.reset();
    work.batch = std::move(held);
    work.batch_changed = true;
    if (work.facts.staged)
        warn_of(work);
    pg::stop_point("batch.held_still");
}

void commit(Work &work)
{
    warn_of(work);
    if (work.facts.call == Call::release)
        work.decision = {catalog::Decision::release, "published", work.reason};
    work.batch.error.reset();
    work.batch.staged_by.reset();
    work.batch.held_at.reset();
    work.batch.changed = work.facts.changed;
    work.batch_changed = true;
    work.recording = Work::Recording::commit;
    publish_loads(work);
    purge(work);
}

void record_check(Work &work)
{
    work.recording = Work::Recording::check;
    warn_of(work);
}

void record_failure(Work &work, const std::string &step, const Error &error)
{
    work.batch.error = Error(error.sqlstate, cut(error.message, longest_text), cut(error.detail, longest_text),
                             cut(error.hint, longest_text));
    work.batch.error_step = step;
    work.batch.held_at.reset();
    work.is_news = true;
    work.batch.staged_by.reset();
    work.batch.finished_at = pg::clock_time();
    work.batch_changed = true;
}

void clear(Work &work)
{
    clear_staging(work);
    work.records.clear();
    start_over(work);
}

void discard(Work &work)
{
    if (work.facts.ingested)
        clear_staging(work);
    if (work.facts.call == Call::discard)
        work.decision = {catalog::Decision::discard, "discarded", work.reason};
    discard_batch(work.batch);
    work.batch_changed = true;
    pg::stop_point("batch.discarded");
}

std::int64_t staged_rows(const Work &work)
{
    std::int64_t rows = 0;
    for (const catalog::BatchDataset &record : work.records)
        rows += record.staged ? record.staged->rows : 0;
    return rows;
}

} // namespace datasurface::batch
