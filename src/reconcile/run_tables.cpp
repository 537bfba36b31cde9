#include "reconcile/run_tables.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/shape.hpp"
#include "catalog/stream.hpp"
#include "pg/conflict.hpp"
#include "pg/report.hpp"
#include "pg/table.hpp"
#include "reconcile/inspect_tables.hpp"
#include "reconcile/plan_key.hpp"
#include "reconcile/plan_tables.hpp"
#include "reconcile/run_steps.hpp"

namespace datasurface::reconcile {

namespace {

void lock_stream_of(const catalog::Store &store, const catalog::Dataset &dataset)
{
    std::string const name =
        store.consistency == model::Consistency::multi ? store.name : store.name + "#" + dataset.name;
    std::optional<catalog::Stream> const stream = catalog::find_stream(name);
    if (stream && stream->in_model)
        (void)catalog::lock_stream(*stream);
}

// Read under the stream's lock: a load that ended before may have changed them, and no load can change them now.
catalog::Dataset lock_model_of(const catalog::Store &store, const catalog::Dataset &dataset)
{
    lock_stream_of(store, dataset);
    catalog::Store const now = catalog::store(store.id);
    if (now.schema != store.schema || now.owner != store.owner || now.consistency != store.consistency)
        throw Error(sqlstate::lock_not_available, "store \"" + store.name + "\" was changed by a load meanwhile",
                    "It has another schema, owner or consistency now.", "Call again.");
    return *catalog::find_dataset(store.id, dataset.name);
}

struct Plan {
    shape::Shape shape;
    std::vector<catalog::Relation> records; // the objects that we made for the dataset
    std::vector<Step> steps;
};

Plan plan_dataset(const catalog::Store &store, const catalog::Dataset &dataset, pg::TypeCache &types)
{
    Plan plan;
    plan.shape = catalog::load_shape(store, dataset, types);
    ActualDataset found = inspect_dataset(plan.shape, dataset.id);
    shape::order_columns(plan.shape, payload_order(plan.shape, found.actual));
    plan.steps = plan_tables(plan.shape, found.actual, found.views);
    plan.records = std::move(found.records);
    return plan;
}

// Steps that conflict with readers lock the views first, then the tables, in the order of readers: a reader that has locked a
// view and waits for its table would block the replacement of the view. Only objects of ours are locked.
void lock_relations(const Plan &plan)
{
    std::vector<sqltext::Qualified> views, tables, history;
    for (const catalog::Relation &relation : plan.records) {
        if (relation.workspace_id)
            views.push_back(relation.name);
        else if (relation.kind == shape::RelationKind::merge || relation.kind == shape::RelationKind::staging)
            tables.push_back(relation.name);
        else if (relation.kind == shape::RelationKind::history)
            history.push_back(relation.name);
    }
    bool const exclusive = keeps_readers_out(plan.steps);
    pg::Lock const lock = exclusive ? pg::Lock::access_exclusive : pg::Lock::share_update_exclusive;
    if (exclusive)
        take_locks(views, lock);
    take_locks(tables, lock);
    take_locks(history, builds_index(plan.steps) && !exclusive ? pg::Lock::share : lock);
}

void warn_of_lost_rows(const shape::Shape &shape, const Step &step)
{
    std::string rows = "The next batch inserts all rows again.";
    if (step.kind == shape::RelationKind::staging)
        rows = "An open batch pulls its rows again; the open batch of a push must be reset and staged again.";
    else if (shape.milestoned)
        rows = "Its versions of earlier batches are lost, so queries as of those batches return fewer rows.";
    pg::warn("table " + step.object + " was missing, and was created again without its rows and grants", rows);
}

// Reads without a lock, by several statements, so the results may be inconsistent while another call changes these tables.
// An error is therefore reported only when it occurs again under the stream's lock.
bool has_nothing_to_do(const catalog::Store &store, const catalog::Dataset &dataset, pg::TypeCache &types)
{
    try {
        return plan_dataset(store, dataset, types).steps.empty() && dataset.is_reconciled();
    } catch (const Error &) {
        return false;
    }
}

} // namespace

void reconcile_dataset(Results &results, const catalog::Store &store, const catalog::Dataset &unlocked,
                       pg::TypeCache &types)
{
    if (has_nothing_to_do(store, unlocked, types))
        return;
    catalog::Dataset const dataset = lock_model_of(store, unlocked);
    if (!dataset.in_model)
        return;
    Plan const plan = plan_dataset(store, dataset, types);
    lock_relations(plan);
    const shape::Names &names = plan.shape.names;
    pg::with_violation_as(names.merge, names.merge_key.name, key_is_shared(plan.shape), [&] {
        run_steps(results, {dataset.id, std::nullopt, plan.shape.owner, {}}, plan.steps);
    });
    for (const Step &step : plan.steps)
        if (step.lost)
            warn_of_lost_rows(plan.shape, step);
    catalog::set_reconciled(dataset.id, dataset.tables_digest);
}

} // namespace datasurface::reconcile
