#include "batch/work.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/shape.hpp"
#include "model/parse.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

constexpr char list_streams[] = "SELECT stream FROM datasurface.streams; lists the streams.";

std::string streams_hint(const catalog::Store &store)
{
    std::string names;
    for (const catalog::Stream &stream : catalog::streams_of_store(store.id))
        if (stream.in_model)
            names += (names.empty() ? "" : ", ") + stream.name;
    return "Its streams are: " + names + ".";
}

[[noreturn]] void refuse_stream(const std::string &name)
{
    std::size_t const hash = name.find('#');
    std::optional<catalog::Store> const store = catalog::find_store(name.substr(0, hash));
    if (!store)
        throw Error(sqlstate::unknown_stream, "there is no stream \"" + name + "\"",
                    "The model names no store \"" + name.substr(0, hash) + "\".", list_streams);
    if (hash == std::string::npos && store->consistency == model::Consistency::single)
        throw Error(sqlstate::not_a_stream, "store \"" + name + "\" is not a stream, because its consistency is single",
                    "Each of its datasets is a stream of its own.", streams_hint(*store));
    if (hash != std::string::npos && store->consistency == model::Consistency::multi)
        throw Error(sqlstate::not_a_stream,
                    "\"" + name + "\" is not a stream, because the consistency of its store is multi",
                    "All datasets of the store commit in one batch.", streams_hint(*store));
    throw Error(sqlstate::unknown_stream, "there is no stream \"" + name + "\" in the model",
                "Its store is there, or was, but has no such stream.", list_streams);
}

[[noreturn]] void refuse_changed(const catalog::Batch &batch, const std::string &what, const std::string &how)
{
    throw Error(sqlstate::definition_changed, what + " " + how + " since batch " + std::to_string(batch.id) + " began",
                "What was staged was staged by another definition.",
                "Reset the batch with ds_reset_batch; it works by the current model then. Of a pull, ds_run does so by "
                "itself.");
}

void require_reconciled(const catalog::Dataset &dataset)
{
    if (dataset.is_reconciled())
        return;
    throw Error(sqlstate::not_reconciled, "the tables of dataset \"" + dataset.name + "\" do not match the model yet",
                "The model was loaded, but ds_reconcile_schema has not brought the tables there.",
                "SELECT * FROM datasurface.ds_reconcile_schema();");
}

std::vector<Member> make_members(const Work &work, std::vector<catalog::Dataset> rows)
{
    std::vector<Member> members;
    pg::TypeCache types;
    for (catalog::Dataset &row : rows) {
        require_reconciled(row);
        Member member;
        member.definition = model::dataset_from_json(row.definition);
        member.shape = catalog::make_shape(work.store, member.definition, types);
        member.record.dataset_id = row.id;
        member.record.definition_digest = row.definition_digest;
        member.row = std::move(row);
        members.push_back(std::move(member));
    }
    return members;
}

} // namespace

std::string batch_title(const std::string &stream, int batch)
{
    return "batch " + std::to_string(batch) + " of stream \"" + stream + "\"";
}

catalog::Stream find_stream(const std::string &name)
{
    std::optional<catalog::Stream> stream = catalog::find_stream(name);
    if (!stream || !stream->in_model)
        refuse_stream(name);
    return *std::move(stream);
}

Work begin_work(const std::string &stream)
{
    pg::require_writable("run batches");
    pg::require_read_committed();
    Work work;
    work.stream = find_stream(stream);
    rights::require_to_run(pg::calling_role(), catalog::store(work.stream.store_id), stream);
    work.stream = catalog::lock_stream(work.stream);
    // while the lock was sought the model may have dropped it
    if (!work.stream.in_model)
        refuse_stream(stream);
    work.store = catalog::store(work.stream.store_id);
    return work;
}

catalog::Batch require_open(const Work &work, int batch)
{
    std::optional<catalog::Batch> open = catalog::open_batch(work.stream.id);
    if (open && open->id == batch)
        return *std::move(open);
    std::optional<catalog::Batch> const named = catalog::find_batch(work.stream.id, batch);
    std::string const title = batch_title(work.stream.name, batch);
    throw Error(sqlstate::not_the_open_batch,
                named ? title + " is " + std::string(catalog::word(named->state))
                      : title + " does not exist" + (batch > 0 && batch <= work.stream.last_batch ? " any more" : ""),
                open ? "The open batch is " + std::to_string(open->id) + "." : "The stream has no open batch.",
                open ? "Name the open batch." : "Start one with ds_start_batch or ds_run.");
}

std::vector<Member> current_members(const Work &work)
{
    return make_members(work, catalog::datasets_of_stream(work.store.id, work.stream.dataset_id));
}

std::vector<Member> members_of_batch(const Work &work, const catalog::Batch &batch)
{
    std::vector<catalog::BatchDataset> records = catalog::batch_datasets(batch);
    std::vector<catalog::Dataset> rows = catalog::datasets_of_stream(work.store.id, work.stream.dataset_id);
    for (const catalog::Dataset &row : rows) {
        auto const record =
            std::find_if(records.begin(), records.end(), [&](const auto &r) { return r.dataset_id == row.id; });
        if (record == records.end())
            refuse_changed(batch, "dataset \"" + row.name + "\"", "has joined the stream");
        if (record->definition_digest != row.definition_digest)
            refuse_changed(batch, "dataset \"" + row.name + "\"", "has changed in the model");
    }
    std::vector<Member> members = make_members(work, std::move(rows));
    if (members.size() != records.size())
        refuse_changed(batch, "stream \"" + work.stream.name + "\"", "has lost a dataset");
    for (Member &member : members)
        for (catalog::BatchDataset &record : records)
            if (record.dataset_id == member.row.id)
                member.record = record;
    return members;
}

std::vector<catalog::BatchDataset> records_of(const std::vector<Member> &members)
{
    std::vector<catalog::BatchDataset> records;
    for (const Member &member : members)
        records.push_back(member.record);
    return records;
}

bool is_pushed(const std::vector<Member> &members)
{
    return !members.empty() && members.front().definition.ingestion == model::Ingestion::push;
}

bool is_pushed(const Work &work)
{
    for (const catalog::Dataset &row : catalog::datasets_of_stream(work.store.id, work.stream.dataset_id))
        return model::dataset_from_json(row.definition).ingestion == model::Ingestion::push;
    return false;
}

} // namespace datasurface::batch
