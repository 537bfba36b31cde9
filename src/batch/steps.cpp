#include "batch/steps.hpp"

#include <limits>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "ingest/run.hpp"
#include "merge/run.hpp"
#include "pg/constraints.hpp"
#include "pg/settings.hpp"
#include "pg/spi.hpp"
#include "pg/stop_point.hpp"

namespace datasurface::batch {

namespace {

[[noreturn]] void refuse_state(const Work &work, const catalog::Batch &batch, catalog::BatchState wanted,
                               const std::string &hint)
{
    std::string const goes = "A batch goes from started to ingested to committed.";
    std::string const at(catalog::word(batch.resume_state));
    throw Error(sqlstate::wrong_batch_state,
                batch_title(work.stream.name, batch.id) + " is " + at + ", not " + std::string(catalog::word(wanted)),
                batch.state == catalog::BatchState::failed ? goes + " It has failed, and goes on from " + at + "."
                                                           : goes,
                hint);
}

std::string after_ingest(bool pushed)
{
    return pushed ? "Merge it with ds_merge_staging, or reset it with ds_reset_batch."
                  : "Call ds_run, which pulls its rows anew unless the same run_id has staged them. Or merge what is "
                    "staged with ds_merge_staging, or reset it with ds_reset_batch.";
}

void require_rows(std::int64_t staged, std::optional<std::int64_t> rows, bool pushed)
{
    if (rows && *rows != staged)
        throw Error(sqlstate::wrong_row_count,
                    counted(staged, "row is", "rows are") + " staged, not " + std::to_string(*rows),
                    "They are counted over all datasets of the stream.",
                    pushed ? "Stage what is missing, or reset the batch and stage the rows anew; nothing was sealed."
                           : "");
    if (pushed && !rows && staged == 0)
        throw Error(sqlstate::wrong_row_count, "no rows are staged",
                    "A pushed batch is a whole snapshot: without rows it deletes everything.",
                    "If that is meant, say so with rows => 0.");
}

// A pull stages everything anew, so it can adopt the model as it is now; pushed rows were staged by the old one.
std::vector<Member> members_to_ingest(const Work &work, const catalog::Batch &batch)
{
    std::vector<Member> members = current_members(work);
    if (is_pushed(members))
        return members_of_batch(work, batch);
    catalog::save_batch_datasets(batch, records_of(members));
    return members;
}

// The catalog grows by what each batch adds, and each batch takes some of it away.
void forget_old(const catalog::Batch &open)
{
    if (int const seconds = pg::settings::keep_unchanged_batches(); seconds >= 0)
        catalog::forget_unchanged_batches(open, seconds);
    if (int const seconds = pg::settings::keep_run_ids(); seconds >= 0)
        catalog::forget_runs(open, seconds);
}

} // namespace

catalog::Batch open_batch(const Work &work, const std::optional<std::string> &run_id)
{
    if (work.stream.last_batch >= std::numeric_limits<std::int32_t>::max() - 1)
        throw Error(sqlstate::program_limit_exceeded,
                    "stream \"" + work.stream.name + "\" has used up its batch numbers", "The largest is 2147483646.",
                    "Declare its datasets in a store of another name.");
    std::vector<Member> const members = current_members(work);
    catalog::Batch batch = catalog::insert_batch(work.stream.id, work.stream.last_batch + 1);
    catalog::set_last_batch(work.stream.id, batch.id);
    catalog::save_batch_datasets(batch, records_of(members));
    if (run_id)
        catalog::record_run(batch, *run_id);
    pg::stop_point("batch.started");
    return batch;
}

std::int64_t ingest(const Work &work, const catalog::Batch &batch, const Wanted &wanted, Progress &progress)
{
    progress.step = "ingest";
    if (batch.resume_state != catalog::BatchState::started)
        refuse_state(work, batch, catalog::BatchState::started, after_ingest(is_pushed(work)));
    std::vector<Member> const members = members_to_ingest(work, batch);
    bool const pushed = is_pushed(members);
    std::int64_t total = 0;
    std::vector<sqltext::Qualified> staging;
    for (const Member &member : members) {
        staging.push_back(member.shape.names.staging);
        progress.step = "ingest of dataset " + member.row.name;
        ingest::lock(member.shape, member.definition.query);
        merge::check(member.shape); // now: what the merge would refuse must not be staged
    }
    pg::make_constraints_immediate(staging);
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (const Member &member : members) {
            Stopwatch const watch;
            progress.step = "ingest of dataset " + member.row.name;
            merge::Staged const staged =
                pushed ? ingest::seal(member.shape) : ingest::pull(member.shape, member.definition.query, snapshot);
            catalog::record_staged(batch, member.row.id, staged, watch.seconds());
            total += staged.rows;
        }
    });
    progress.step = "ingest";
    require_rows(total, wanted.rows, pushed);
    catalog::set_batch_state(batch, catalog::BatchState::ingested, wanted.staged_by);
    pg::stop_point("ingest.recorded");
    return total;
}

std::vector<Merged> merge(const Work &work, const catalog::Batch &batch, Progress &progress)
{
    progress.step = "merge";
    if (batch.resume_state != catalog::BatchState::ingested)
        refuse_state(work, batch, catalog::BatchState::ingested,
                     "Stage its rows first, with ds_ingest; of a pull, ds_run does both.");
    std::vector<Member> const members = members_of_batch(work, batch);
    std::vector<Merged> merged;
    std::vector<sqltext::Qualified> tables;
    bool changed = false;
    for (const Member &member : members) {
        progress.step = "merge of dataset " + member.row.name;
        merge::lock(member.shape);
        for (sqltext::Qualified &table : merge::tables(member.shape))
            tables.push_back(std::move(table));
    }
    pg::make_constraints_immediate(tables);
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (const Member &member : members) {
            Stopwatch const watch;
            progress.step = "merge of dataset " + member.row.name;
            const merge::Staged &staged = member.record.staged;
            merge::Result const result =
                merge::run(merge::plan_whole_snapshot(member.shape, batch.id, staged), snapshot);
            ingest::clear(member.shape, staged, snapshot);
            pg::stop_point("merge.cleared");
            catalog::record_result(batch, member.row.id, result, watch.seconds());
            changed = changed || result.changed();
            merged.push_back({member.row.name, result});
        }
    });
    progress.step = "merge";
    forget_old(batch);
    catalog::commit_batch(batch, changed); // last, for the time that it sets
    pg::stop_point("merge.committed");
    return merged;
}

void record_failure(const catalog::Batch &batch, bool pushed, const std::string &step, const Error &error)
{
    catalog::fail_batch(batch, pushed ? batch.resume_state : catalog::BatchState::started, step, error);
}

} // namespace datasurface::batch
