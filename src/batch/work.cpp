#include "batch/work.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/leave_out_loads.hpp"
#include "batch/unknown_stream.hpp"
#include "batch/windows.hpp"
#include "model/parse.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/stop_point.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

[[noreturn]] void refuse_changed(const Work &work, const std::string &what, const std::string &how)
{
    throw Error(sqlstate::definition_changed,
                what + " " + how + " since batch " + std::to_string(work.batch.id) + " began",
                "What was staged was staged by another definition.", hint_for_changed(work));
}

void require_reconciled(const catalog::Dataset &dataset)
{
    if (dataset.is_reconciled())
        return;
    throw Error(sqlstate::not_reconciled, "the tables of dataset \"" + dataset.name + "\" do not match the model yet",
                "The model was loaded, but ds_reconcile_schema has not brought the tables there.", reconcile_first);
}

// A query, trigger or function that this call runs has the stream's lock too, and could load a model. AtWork refuses the calls for
// batches; any other change of the stream is seen by its generation.
void require_generation(const Work &work, bool is_ours)
{
    if (is_ours)
        return;
    throw Error(sqlstate::wrong_batch_state,
                batch_title(work.stream.name, work.batch.id) + " was changed by what this call ran",
                "A query, trigger or function that the call ran has changed the stream or loaded a model that does.",
                "A query, trigger or function of the model must not call datasurface for the stream that it runs for.");
}

// Of members that have neither a definition nor what was kept of one.
void load_definitions(Work &work)
{
    std::unordered_map<int, Member *> wanted;
    std::vector<int> ids;
    for (Member &member : work.members)
        if (!member.definition && !member.kept) {
            wanted[member.row.id] = &member;
            ids.push_back(member.row.id);
        }
    if (ids.empty())
        return;
    for (catalog::Dataset &row : catalog::datasets_by_id(ids)) {
        Member &member = *wanted.at(row.id);
        member.definition = model::dataset_from_json(row.definition);
        member.row = std::move(row);
    }
}

model::WhenHeld when_held(const Member &member)
{
    return member.kept ? member.kept->rules->when_held : member.definition->rules->when_held;
}

model::Ingestion ingestion_of(const Member &member)
{
    return member.kept ? member.kept->ingestion : member.definition->ingestion;
}

// The old batch goes first: a stream has one open batch.
void save_replaced(const Work &work)
{
    if (!work.replaced)
        return;
    catalog::save_batch(*work.replaced);
    std::string const reason = work.recording == Work::Recording::check
                                   ? "a run has pulled anew, and found nothing changed"
                                   : "batch " + std::to_string(work.batch.id) + " has pulled anew";
    catalog::save_decision(*work.replaced, catalog::Decision::replace, "discarded", pg::calling_role(), reason);
}

void save_rows(Work &work)
{
    bool const is_new = !work.batch.is_recorded;
    if (work.batch_changed || is_new)
        catalog::save_batch(work.batch);
    if (work.records_replaced && !is_new)
        catalog::forget_batch_datasets(work.batch);
    if (work.records_changed || is_new)
        catalog::save_batch_datasets(work.batch, work.records);
    if (work.findings_changed)
        catalog::save_findings(work.batch, work.findings);
    if (work.decision)
        catalog::save_decision(work.batch, work.decision->decision, work.decision->outcome, pg::calling_role(),
                               work.decision->reason);
    if (work.run_is_new)
        catalog::record_run(work.batch, *work.run_id);
    if (work.is_news)
        catalog::announce(work.stream.name, work.batch);
    work.batch.is_recorded = true;
    work.is_news = work.batch_changed = work.records_changed = work.records_replaced = work.run_is_new =
        work.findings_changed = false;
}

// What differs between the members and the datasets that the records were made for; nothing if they are the same.
std::optional<std::pair<std::string, std::string>> find_difference(const Work &work)
{
    RecordsByDataset const records = records_by_dataset(work.records);
    for (const Member &member : work.members) {
        std::string const dataset = "dataset \"" + member.row.name + "\"";
        auto const record = records.find(member.row.id);
        if (record == records.end())
            return std::pair(dataset, "has joined the stream");
        if (record->second->definition_digest != member.row.definition_digest)
            return std::pair(dataset, "has changed in the model");
    }
    if (work.members.size() != records.size())
        return std::pair("stream \"" + work.stream.name + "\"", "has lost a dataset");
    return std::nullopt;
}

// A dataset whose first load was completed while the batch was open joins the next one.
void leave_out_late(Work &work)
{
    if (work.records.empty() || !work.has_unpublished)
        return;
    RecordsByDataset const records = records_by_dataset(work.records);
    std::erase_if(work.members,
                  [&](const Member &member) { return member.row.unpublished && records.count(member.row.id) == 0; });
}

void set_batch(Work &work, std::optional<catalog::Batch> found)
{
    if (!found)
        return;
    work.batch = *std::move(found);
    work.facts.state = work.batch.state;
    work.facts.ingested = work.batch.ingested;
    work.facts.is_recorded = work.batch.is_recorded;
    work.facts.is_open_batch = is_open(work.batch.state);
    if (work.facts.is_open_batch)
        work.records = catalog::batch_datasets(work.batch);
    leave_out_late(work);
    if (work.batch.state == State::held) {
        work.held = work.records;
        work.facts.model_changed = !work.members.empty() && find_difference(work).has_value();
    }
}

} // namespace

std::string batch_title(const std::string &stream, int batch)
{
    return "batch " + std::to_string(batch) + " of stream \"" + stream + "\"";
}

std::string hint_for_changed(const Work &work)
{
    if (work.facts.state == State::held)
        return "Call ds_discard_batch(" + sqltext::literal(work.stream.name) + ", " + std::to_string(work.batch.id) +
               ", '<reason>'), which removes its rows, and stage them anew for the next batch. ds_reset_batch removes "
               "them too, and keeps the batch.";
    return "Reset the batch with ds_reset_batch; it works by the current model then. Of a pull, ds_run does so by "
           "itself.";
}

catalog::Stream find_stream(const std::string &name)
{
    std::optional<catalog::Stream> stream = catalog::find_stream(name);
    if (!stream || !stream->in_model)
        refuse_unknown_stream(name);
    return *std::move(stream);
}

Work work_of(const catalog::Stream &locked, const catalog::Store &store, Call call)
{
    Work work;
    work.at_work = std::make_unique<const AtWork>(locked.id, locked.name);
    work.stream = locked;
    work.store = store;
    work.facts.call = call;
    work.facts.first_of_stream = !locked.has_committed;
    return work;
}

namespace {

void require_right(Call call, const catalog::Store &store, const std::string &stream)
{
    bool const decides = call == Call::release || call == Call::discard;
    bool const may_look = call == Call::preview && rights::may(rights::Act::decide_held, pg::calling_role(), store);
    if (may_look)
        return;
    if (decides)
        rights::require_to_decide(pg::calling_role(), store, stream);
    else
        rights::require_to_run(pg::calling_role(), store, stream);
}

} // namespace

namespace {

// Why a run stages the rows of a pull without trying to pull them through; or nothing.
std::string why_staged_at_once(const Work &work)
{
    const catalog::Stream &stream = work.stream;
    if (expects_window(work))
        return "a window of rows is staged, and not the whole dataset";
    if (pg::settings::pull() == pg::settings::Pull::staged)
        return "datasurface.pull is staged";
    if (pg::settings::merge_engine() == pg::settings::MergeEngine::sql)
        return "datasurface.merge_engine is sql";
    return stream.pulls_to_stage > 0 ? "an earlier pull could not be compared as it arrived" : "";
}

} // namespace

namespace {

using KeptPointer = std::shared_ptr<const catalog::Kept>;

KeptPointer as_member(const catalog::Dataset &row, KeptPointer kept)
{
    if (!kept || !row.unpublished || !kept->shape.milestoned)
        return kept;
    auto live = std::make_shared<catalog::Kept>(*kept);
    live->shape.milestoned = false;
    return live;
}

} // namespace

void load_members(Work &work)
{
    work.members.clear();
    std::vector<catalog::Dataset> rows = catalog::datasets_of_stream(work.store.id, work.stream.dataset_id);
    std::map<int, catalog::Load> loads; // complete
    work.has_unpublished =
        std::any_of(rows.begin(), rows.end(), [](const catalog::Dataset &row) { return row.unpublished; });
    if (work.has_unpublished)
        loads = leave_out_loads(work.stream, rows);
    for (catalog::Dataset &row : rows) {
        auto kept = as_member(row, catalog::find_kept(work.store, row));
        auto const load = loads.find(row.id);
        bool const needs_all_rows = load != loads.end() && !load->second.cut_by;
        work.members.push_back({std::move(row), std::nullopt, std::move(kept), {}, needs_all_rows});
    }
    load_definitions(work);
    load_marks(work);
    // all datasets of a stream are ingested alike
    work.facts.pushed = !work.members.empty() && ingestion_of(work.members.front()) == model::Ingestion::push;
    bool const runs_pull = work.facts.call == Call::run && !work.facts.pushed;
    work.why_staged = runs_pull ? why_staged_at_once(work) : "";
    work.facts.may_pull_through = runs_pull && work.why_staged.empty();
    work.facts.replaces_held =
        !work.facts.pushed && !work.members.empty() && when_held(work.members.front()) == model::WhenHeld::replace;
}

Work begin_work(const std::string &name, Call call)
{
    if (call == Call::preview)
        pg::require_writable("preview batches", "A preview changes nothing, but it locks the stream's row, and "
                                                "PostgreSQL counts that as a write.");
    else
        pg::require_writable("run batches");
    pg::require_read_committed();
    catalog::Stream const found = find_stream(name);
    catalog::Store store = catalog::store(found.store_id);
    require_right(call, store, name);
    catalog::Stream const stream = catalog::lock_stream(found);
    // while the lock was sought the model may have dropped it, or changed its store and who may run it
    if (!stream.in_model)
        refuse_unknown_stream(name);
    if (stream.generation != found.generation) {
        store = catalog::store(stream.store_id);
        require_right(call, store, name);
    }
    Work work = work_of(stream, store, call);
    load_members(work);
    return work;
}

void load_batch(Work &work, int batch)
{
    set_batch(work, catalog::find_batch(work.stream.id, batch));
    if (!work.facts.state && catalog::has_runs(work.stream.id, batch))
        work.facts.state = State::committed; // its row was purged
    work.batch.stream_id = work.stream.id;
    work.batch.id = batch;
}

void load_open_batch(Work &work)
{
    set_batch(work, catalog::open_batch(work.stream.id));
}

namespace {

// A run whose batch was discarded begins anew: a task that is repeated has the same run id.
std::optional<catalog::Batch> batch_of_run(int stream_id, const std::string &run_id)
{
    std::optional<catalog::Batch> found = catalog::batch_of_run(stream_id, run_id);
    return found && found->state == State::discarded ? std::nullopt : found;
}

} // namespace

void load_batch_of_run(Work &work, const std::optional<std::string> &run_id)
{
    Facts &facts = work.facts;
    work.run_id = run_id;
    facts.has_run_id = run_id.has_value();
    if (run_id)
        set_batch(work, batch_of_run(work.stream.id, *run_id));
    if (facts.state) {
        facts.owner = Owner::caller;
    } else {
        load_open_batch(work);
        bool const matters = facts.pushed && facts.has_run_id && facts.state;
        if (matters && catalog::has_runs(work.stream.id, work.batch.id))
            facts.owner = Owner::another;
    }
    facts.staged_by_caller = run_id && work.batch.staged_by == run_id;
}

void make_shapes(Work &work)
{
    if (work.has_shapes)
        return;
    pg::TypeCache types;
    for (Member &member : work.members) {
        require_reconciled(member.row);
        if (!member.kept)
            member.kept = as_member(member.row, catalog::make_kept(work.store, member.row, *member.definition, types));
    }
    work.has_shapes = true;
}

void renew_shapes(Work &work)
{
    if (std::all_of(work.members.begin(), work.members.end(),
                    [](const Member &member) { return catalog::is_current(*member.kept); }))
        return;
    Work renewed;
    renewed.store = work.store;
    for (const Member &member : work.members)
        renewed.members.push_back({member.row, std::nullopt, catalog::is_current(*member.kept) ? member.kept : nullptr,
                                   member.last_mark, member.needs_all_rows});
    load_definitions(renewed);
    make_shapes(renewed);
    work.members = std::move(renewed.members); // not before: what throws must leave every member a shape
}

RecordsByDataset records_by_dataset(const std::vector<catalog::BatchDataset> &records)
{
    RecordsByDataset by_dataset;
    for (const catalog::BatchDataset &record : records)
        by_dataset[record.dataset_id] = &record;
    return by_dataset;
}

std::vector<catalog::BatchDataset> fresh_records(const Work &work)
{
    std::vector<catalog::BatchDataset> records;
    for (const Member &member : work.members) {
        catalog::BatchDataset record;
        record.dataset_id = member.row.id;
        record.definition_digest = member.row.definition_digest;
        records.push_back(std::move(record));
    }
    return records;
}

std::vector<catalog::BatchDataset> records_anew(const Work &work)
{
    std::vector<catalog::BatchDataset> records = fresh_records(work);
    RecordsByDataset const staying = records_by_dataset(records);
    std::vector<catalog::BatchDataset> left;
    for (const catalog::BatchDataset &record : work.records)
        if (staying.count(record.dataset_id) == 0) {
            left.emplace_back();
            left.back().dataset_id = record.dataset_id;
            left.back().definition_digest = record.definition_digest;
        }
    std::move(left.begin(), left.end(), std::back_inserter(records));
    return records;
}

void require_unchanged(const Work &work)
{
    if (auto const difference = find_difference(work))
        refuse_changed(work, difference->first, difference->second);
}

void save(Work &work)
{
    using Recording = Work::Recording;
    if (work.recording == Recording::state && !work.replaced && !work.batch_changed && !work.records_changed &&
        !work.run_is_new)
        return;
    if (work.recording != Recording::check)
        work.stream.last_batch = std::max(work.stream.last_batch, work.batch.id);
    if (work.recording == Recording::state) {
        require_generation(work, catalog::advance(work.stream));
        save_replaced(work);
        save_rows(work);
        return pg::stop_point("batch.saved");
    }
    work.stream.source.reset();
    if (work.batch.received)
        work.stream.source = work.batch.received->snapshot;
    std::optional<std::string> const time =
        catalog::advance_checked(work.stream, work.recording == Recording::check ? catalog::Checked::without_batch
                                                                                 : catalog::Checked::batch);
    require_generation(work, time.has_value());
    save_marks(work);
    save_replaced(work);
    if (work.recording == Recording::check)
        return;
    work.batch.finished_at = time;
    save_rows(work);
    pg::stop_point("merge.committed");
}

} // namespace datasurface::batch
