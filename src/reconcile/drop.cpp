#include "reconcile/drop.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/dataset.hpp"
#include "catalog/model_version.hpp"
#include "catalog/orphan.hpp"
#include "catalog/relation.hpp"
#include "catalog/store.hpp"
#include "catalog/stream.hpp"
#include "change/drop_dataset.hpp"
#include "pg/session.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/inspect_orphan.hpp"
#include "reconcile/record.hpp"
#include "reconcile/run_steps.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

std::string title(const std::string &store, const std::string &dataset)
{
    return "dataset \"" + dataset + "\" of store \"" + store + "\"";
}

constexpr char list[] = "SELECT store, dataset FROM datasurface.orphans; lists what can be dropped.";

struct Subject {
    catalog::Store store;
    catalog::Dataset dataset;

    std::string title() const { return reconcile::title(store.name, dataset.name); }
};

Subject find(const std::string &caller, const std::string &store_name, const std::string &dataset_name)
{
    std::optional<catalog::Store> const store = catalog::find_store(store_name);
    if (!store)
        throw Error(sqlstate::unknown_stream, "there is no store \"" + store_name + "\"",
                    "It is not in the model, and none that has left it has this name.", list);
    rights::require_to_reconcile(caller, *store);
    std::optional<catalog::Dataset> const dataset = catalog::find_dataset(store->id, dataset_name);
    if (!dataset)
        throw Error(sqlstate::unknown_stream, "there is no " + title(store_name, dataset_name),
                    "It is not in the model, and none that has left it has this name.", list);
    if (dataset->in_model)
        throw Error(sqlstate::object_in_use, title(store_name, dataset_name) + " is in the model",
                    "Only what has left the model can be dropped.",
                    "Load a model without it, with ds_load_model; then call again.");
    return {*store, *dataset};
}

// The streams that the dataset had, alone or with the others of its store.
std::vector<catalog::Stream> lock_streams(const Subject &subject)
{
    std::vector<catalog::Stream> streams;
    for (const catalog::Stream &stream : catalog::streams_of_store(subject.store.id))
        if (!stream.dataset_id || *stream.dataset_id == subject.dataset.id)
            streams.push_back(catalog::lock_stream(stream));
    return streams;
}

void require_no_open_batch(const Subject &subject, const std::vector<catalog::Stream> &streams)
{
    for (const catalog::Stream &stream : streams)
        if (std::optional<int> const batch = catalog::open_batch_with(stream.id, subject.dataset.id))
            throw Error(sqlstate::wrong_batch_state,
                        "batch " + std::to_string(*batch) + " of stream \"" + stream.name +
                            "\" is open and was begun with " + subject.title(),
                        "Nothing was dropped.",
                        "Finish, reset or discard the batch: it then goes on without the dataset. Then call again.");
}

void lock_relations(const std::vector<change::DropStep> &steps)
{
    std::vector<sqltext::Qualified> relations;
    for (const change::DropStep &drop : steps)
        if (drop.step.lock != change::Lock::none)
            relations.push_back(drop.step.name);
    take_locks(relations, pg::Lock::access_exclusive);
}

// A store that has left the model goes with the last of its datasets, so that its name is free too.
void forget(const Subject &subject, const std::vector<catalog::Stream> &streams)
{
    for (const catalog::Stream &stream : streams)
        if (stream.dataset_id)
            catalog::forget_stream(stream.id);
        else
            catalog::forget_in_batches(stream.id, subject.dataset.id);
    catalog::forget_dataset(subject.dataset.id);
    if (catalog::forget_empty_store(subject.store.id))
        for (const catalog::Stream &stream : catalog::streams_of_store(subject.store.id))
            catalog::forget_stream(stream.id);
}

std::vector<change::DropStep> plan(const Subject &subject)
{
    std::vector<change::Dropped> const objects = inspect_orphan(catalog::relations_of_dataset(subject.dataset.id));
    return change::drop_dataset(subject.title(), objects, inspect_dependents(objects));
}

void drop_all(Results &results, const Subject &subject)
{
    std::vector<catalog::Stream> const streams = lock_streams(subject);
    require_no_open_batch(subject, streams);
    lock_relations(plan(subject));
    // again, for somebody may have changed something before the locks
    for (const change::DropStep &drop : plan(subject))
        execute_step(results, drop.role, drop.step);
    forget(subject, streams);
}

} // namespace

std::vector<Result> drop(const std::string &caller, const std::string &store, const std::string &dataset,
                         const std::string &confirm)
{
    pg::require_read_committed();
    pg::require_writable("drop a dataset");
    if (confirm != store + "." + dataset)
        throw Error(sqlstate::invalid_parameter_value, "confirm must be " + sqltext::literal(store + "." + dataset),
                    "The rows of the dataset and their history are lost with its tables.",
                    "Pass the store and the dataset once more, with a period between them, if they are meant.");
    // no load brings the dataset back meanwhile
    catalog::lock_model();
    Subject const subject = find(caller, store, dataset);
    Waiting waiting;
    Results results = attempt_one(waiting, {subject.title(), store, dataset,
                                            [&](Results &mine) { drop_all(mine, subject); }, "drop"});
    trim_records();
    return results;
}

} // namespace datasurface::reconcile
