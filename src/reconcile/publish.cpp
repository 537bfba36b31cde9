#include "reconcile/publish.hpp"

#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/relation.hpp"
#include "catalog/shape.hpp"
#include "catalog/workspace.hpp"
#include "change/as_of.hpp"
#include "change/refuse.hpp"
#include "pg/definition.hpp"
#include "pg/report.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/conditions.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/inspect_tables.hpp"
#include "reconcile/inspect_views.hpp"
#include "reconcile/record.hpp"
#include "reconcile/run_steps.hpp"
#include "reconcile/run_views_around.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

using change::Step;
using shape::RelationKind;

struct Shown {
    const catalog::Store &store;
    catalog::Dataset dataset;
    std::vector<catalog::Relation> records;
    shape::Shape tables; // as they are
    Conditions conditions = {};
};

// Changes of the model may wait, so the names and the owner are those of our records.
shape::Shape tables_as_they_are(const catalog::Store &store, const catalog::Dataset &dataset,
                                const std::vector<catalog::Relation> &records)
{
    pg::TypeCache types;
    shape::Shape tables = catalog::load_shape(store, dataset, types);
    for (const catalog::Relation &record : records)
        if (record.kind == RelationKind::merge) {
            tables.names.merge = record.name;
            tables.owner = record.owner;
        } else if (record.kind == RelationKind::history) {
            tables.names.history = record.name;
        } else if (record.kind == RelationKind::as_of) {
            tables.names.as_of = record.name;
        }
    return tables;
}

void switch_function(Results &results, const Shown &shown)
{
    ActualDataset found = std::move(inspect_datasets({{shown.tables, shown.dataset}}, Size::known).front());
    change::Tables tables{{}, shown.tables, std::move(found.actual)};
    for (RelationKind const kind : {RelationKind::merge, RelationKind::history, RelationKind::as_of})
        if (tables.now.find(kind) == nullptr)
            return; // reconcile reports it
    change::make_as_of(tables);
    run_steps(results, {shown.dataset.id, std::nullopt, shown.tables.owner, {}, shown.store.loaded_by}, tables.steps);
}

// As the model writes it, if it is the one that the view has.
std::string condition_of(change::WantedView view, const catalog::Relation &record, Conditions &conditions)
{
    std::string printed = std::exchange(view.where, conditions.find(record).value_or(""));
    bool const is_same = !view.where.empty() && pg::has_condition_of(record.name, change::definition(view));
    return is_same ? view.where : printed;
}

std::optional<Step> planned_view(Shown &shown, const catalog::Relation &record)
{
    change::ActualView const view = inspect_view(record, shown.dataset.made_columns);
    if (!view.object.exists)
        return std::nullopt;
    change::WantedView wanted =
        as_it_is(record, view, shown.tables, shown.dataset.made_columns, publishing_of(shown.dataset));
    if (!wanted.where.empty())
        wanted.where = condition_of(wanted, record, shown.conditions);
    Step step = change::make_view(change::Action::replace, wanted);
    bool const is_done = step.statement == record.definition;
    if (is_done && !shown.dataset.unpublished)
        return std::nullopt;
    change::require_as_made(view.object, record.name.sql());
    return is_done ? std::nullopt : std::optional(std::move(step));
}

void require_to_read(const catalog::Store &store, const catalog::Workspace &workspace)
{
    rights::SeenStore const seen =
        rights::seen_store(store.name, store.owner, catalog::access(store.id), workspace.name);
    if (std::optional<rights::Refusal> const refusal = rights::refusal_to_read(workspace.name, workspace.owner, seen))
        throw Error(sqlstate::insufficient_privilege, refusal->message, "", refusal->hint);
}

void switch_view(Results &results, Shown &shown, const catalog::Relation &record)
{
    if (!planned_view(shown, record))
        return;
    take_locks({record.name}, pg::Lock::access_exclusive);
    std::optional<Step> const step = planned_view(shown, record);
    if (!step)
        return;
    if (!shown.dataset.unpublished)
        require_to_read(shown.store, catalog::workspace(record.workspace_id.value()).value());
    run_on(results, record, shown.store, record.owner, {*step});
}

// A view that no sink is for any more begins to show nothing, and never to show something.
std::vector<catalog::Relation> views_to_switch(Shown &shown)
{
    std::map<int, catalog::Workspace> consumers;
    if (!shown.dataset.unpublished)
        for (catalog::Workspace &workspace : catalog::workspaces_naming(shown.store.name))
            consumers.emplace(workspace.id, std::move(workspace));
    std::vector<catalog::Relation> views;
    for (const catalog::Relation &record : shown.records)
        if (record.workspace_id && is_view(record.kind) &&
            (shown.dataset.unpublished ||
             (consumers.contains(*record.workspace_id) && shown.conditions.find(record).has_value())))
            views.push_back(record);
    return views;
}

std::vector<Task> tasks_for(Shown &shown)
{
    std::vector<Task> tasks;
    auto const add = [&](const std::string &object, std::function<void(Results &)> body) {
        tasks.push_back({object, shown.store.name, shown.dataset.name, std::move(body), "publication"});
    };
    for (const catalog::Relation &record : shown.records)
        if (record.kind == RelationKind::as_of)
            add(record.name.sql() + "(integer)", [&shown](Results &mine) { switch_function(mine, shown); });
    for (const catalog::Relation &record : views_to_switch(shown))
        add(record.name.sql(), [&shown, record](Results &mine) { switch_view(mine, shown, record); });
    return tasks;
}

void warn_of(const Task &task, const Results &done, const Error &error)
{
    record_failed(task, done, error);
    pg::warn("the publication of dataset \"" + task.dataset + "\" of store \"" + task.store + "\" leaves out " +
                 task.object + ": " + error.message,
             error.hint.empty() ? "Bring about what it asks for; then reconcile." : error.hint, error.detail);
}

bool switch_all(Shown &shown)
{
    for (const Task &task : tasks_for(shown)) {
        Results done;
        std::optional<Failure> const failure = try_once(done, task);
        if (!failure)
            continue;
        if (failure->may_pass)
            return false;
        if (shown.dataset.unpublished)
            throw Error(failure->error);
        warn_of(task, done, failure->error);
    }
    return true;
}

bool switch_dataset(const catalog::Store &store, int dataset_id)
{
    if (!catalog::lock_dataset(dataset_id))
        return false;
    catalog::Dataset dataset = catalog::datasets_by_id({dataset_id}).at(0);
    std::vector<catalog::Relation> records = catalog::relations_of_dataset(dataset_id);
    if (records.empty())
        return true;
    shape::Shape tables = tables_as_they_are(store, dataset, records);
    Shown shown{store, std::move(dataset), std::move(records), std::move(tables)};
    return switch_all(shown);
}

} // namespace

bool show_as_published(const catalog::Store &store, const catalog::Dataset &dataset)
{
    bool done = false;
    pg::with_pinned_settings([&] { // the lock_timeout of the tasks ends with them
        pg::plan_for_few_rows();
        done = pg::keep_if([&] { return switch_dataset(store, dataset.id); });
    });
    return done;
}

} // namespace datasurface::reconcile
