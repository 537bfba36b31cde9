#include "reconcile/in_chunks.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "catalog/dataset.hpp"
#include "catalog/model_version.hpp"
#include "catalog/store.hpp"
#include "pg/conflict.hpp"
#include "pg/report.hpp"
#include "pg/scratch.hpp"
#include "pg/session.hpp"
#include "pg/stop_point.hpp"
#include "reconcile/dataset_plan.hpp"
#include "reconcile/record.hpp"
#include "reconcile/subjects.hpp"
#include "reconcile/tally.hpp"
#include "reconcile/tasks.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

// What a task is about; little, for all of them are kept from the beginning to the end.
struct Item {
    int store_id = 0;                       // of tables; 0: it is about views
    int dataset_id = 0;                     // 0: the schema of the store
    const PermittedViews *views = nullptr;  // of a workspace
    const model::Sink *sink = nullptr;      // nullptr: the schema of the workspace
    const LeftoverView *leftover = nullptr; // a view of no sink
    bool readers = false;                   // of the schema of the workspace
};

struct Call {
    std::optional<std::string> store;
    std::size_t chunk = 0;
    change::Allowed allowed;
    std::optional<int> version; // of the model, when the workspaces were read
    Tally tally;
    std::size_t cached = 0;  // objects in the session's caches, as many as they count for
    bool one_by_one = false; // each item has a transaction of its own
};

// The session's caches of the system's catalogs are emptied when they have so many objects that were only looked at. One that was
// made or changed counts for ten. Not more often, for the statements are planned again each time.
constexpr std::size_t most_cached = 1000;
constexpr std::size_t changed_counts_for = 10;

void require_session()
{
    pg::require_read_committed();
    pg::require_writable("reconcile");
}

std::vector<Item> all_tables(const std::optional<std::string> &store)
{
    std::vector<Item> items;
    for (const catalog::Store &permitted : permitted_stores(pg::calling_role(), store)) {
        items.push_back({permitted.id});
        catalog::number_columns(permitted.id);
        for (const catalog::Dataset &dataset : catalog::datasets_of_store(permitted.id))
            items.push_back({permitted.id, dataset.id});
    }
    return items;
}

std::vector<Item> all_views(const std::vector<LeftoverView> &leftovers, const std::vector<PermittedViews> &workspaces)
{
    std::vector<Item> items;
    for (const LeftoverView &view : leftovers)
        items.push_back({0, 0, nullptr, nullptr, &view});
    for (const PermittedViews &views : workspaces) {
        if (!views.has_left)
            items.push_back({0, 0, &views});
        for (const model::Sink &sink : views.sinks)
            items.push_back({0, 0, &views, &sink});
        items.push_back({0, 0, &views, nullptr, nullptr, true});
    }
    return items;
}

// The right to reconcile a store may have gone since the beginning, and so may the store.
std::map<int, catalog::Store> stores_of(const std::vector<Item> &items)
{
    std::map<int, catalog::Store> stores;
    for (const Item &item : items)
        if (item.store_id != 0 && stores.count(item.store_id) == 0)
            stores.emplace(item.store_id, catalog::store(item.store_id));
    std::erase_if(stores, [](const auto &store) {
        return !rights::may(rights::Act::reconcile_store, pg::calling_role(), store.second);
    });
    return stores;
}

// Those that have something to do, by id.
std::map<int, catalog::Dataset> datasets_of(const std::vector<Item> &items, const std::map<int, catalog::Store> &stores,
                                            const change::Allowed &allowed, pg::TypeCache &types)
{
    std::vector<int> ids;
    for (const Item &item : items)
        if (item.dataset_id != 0)
            ids.push_back(item.dataset_id);
    std::map<int, std::vector<catalog::Dataset>> by_store;
    for (catalog::Dataset &dataset : catalog::datasets_by_id(ids))
        by_store[dataset.store_id].push_back(std::move(dataset));
    std::map<int, catalog::Dataset> some;
    for (const auto &[id, store] : stores)
        for (catalog::Dataset &dataset : to_reconcile(store, by_store[id], allowed, types))
            some.emplace(dataset.id, std::move(dataset));
    return some;
}

// A step that rewrites or reads a table takes long, and readers of tables that were changed before in the same transaction would wait
// for it.
bool may_take_long(const catalog::Dataset &dataset, const Call &call)
{
    return dataset.reconciled_digest && (call.allowed.rewrite || call.allowed.lossy);
}

// later: those that are to have a transaction of their own
std::vector<Task> table_tasks(const std::vector<Item> &items, const Call &call, pg::TypeCache &types,
                              Conditions &conditions, std::vector<Item> &later)
{
    auto const nothing = [](Results &) {};
    std::map<int, catalog::Store> const stores = stores_of(items);
    std::map<int, catalog::Dataset> datasets = datasets_of(items, stores, call.allowed, types);
    std::vector<Task> tasks;
    for (const Item &item : items) {
        auto const store = stores.find(item.store_id);
        auto const dataset = datasets.find(item.dataset_id);
        if (store == stores.end() || (item.dataset_id != 0 && dataset == datasets.end()))
            tasks.push_back({"", "", "", nothing});
        else if (item.dataset_id == 0)
            tasks.push_back(schema_of_store(store->second));
        else if (!call.one_by_one && may_take_long(dataset->second, call)) {
            tasks.push_back({"", "", "", nothing});
            later.push_back(item);
        } else
            tasks.push_back(tables_of(store->second, std::move(dataset->second), call.allowed, types, conditions));
    }
    return tasks;
}

std::vector<Task> view_tasks(const std::vector<Item> &items, const Call &call, pg::TypeCache &types)
{
    std::map<const PermittedViews *, std::shared_ptr<SeenStores>> stores;
    std::vector<Task> tasks;
    for (const Item &item : items) {
        if (item.leftover != nullptr) {
            tasks.push_back(leftover_of(*item.leftover, call.allowed));
            continue;
        }
        if (item.readers) {
            tasks.push_back(readers_of_workspace(*item.views, call.allowed));
            continue;
        }
        const catalog::Workspace &workspace = item.views->workspace;
        std::shared_ptr<SeenStores> &of_workspace = stores[item.views];
        if (!of_workspace)
            of_workspace = std::make_shared<SeenStores>(workspace, item.views->readers, call.version);
        tasks.push_back(item.sink == nullptr ? schema_of_workspace(workspace, item.views->description)
                                             : views_of(of_workspace, *item.sink, call.allowed, types));
    }
    return tasks;
}

// Waits for other calls of the procedure on these stores, always in the same order, and before anything else is locked. Tasks of a store
// that is still busy then will fail.
void lock_stores(std::vector<Task> &tasks)
{
    std::set<std::string> names;
    for (const Task &task : tasks)
        if (!task.store.empty())
            names.insert(task.store);
    std::erase_if(names, [](const std::string &name) { return catalog::wait_for_store(name); });
    for (Task &task : tasks)
        if (names.contains(task.store))
            task.body = [store = task.store](Results &) {
                throw Error(sqlstate::lock_not_available, "store \"" + store + "\" is reconciled by another call",
                            "Its transaction did not end within datasurface.ddl_lock_timeout.",
                            "Call again when that call has ended.");
            };
}

bool did_something(const Results &results)
{
    return std::any_of(results.begin(), results.end(), [](const Result &r) { return r.timing.has_value(); });
}

// True when the object goes on in the next transaction.
bool goes_on(const Results &results)
{
    return did_something(results) &&
           std::any_of(results.begin(), results.end(), [](const Result &r) { return r.in_next_transaction; });
}

std::vector<Item> run_chunk(Call &call, const std::vector<Item> &items)
{
    require_session();
    pg::plan_for_few_rows();
    Waiting waiting;
    pg::TypeCache types;
    Conditions conditions;
    bool const views = items.front().store_id == 0;
    std::vector<Item> again;
    std::vector<Task> tasks =
        views ? view_tasks(items, call, types) : table_tasks(items, call, types, conditions, again);
    lock_stores(tasks);
    std::vector<Results> const results = attempt(waiting, tasks);
    for (std::size_t i = 0; i < items.size(); ++i) {
        call.cached += did_something(results[i]) ? changed_counts_for : 1;
        if (goes_on(results[i]))
            again.push_back(items[i]);
        else
            call.tally.add(tasks[i], results[i]);
    }
    return again;
}

void commit(Call &call)
{
    pg::commit_and_go_on();
    pg::stop_point("reconcile.committed");
    if (call.cached < most_cached)
        return;
    pg::empty_system_caches();
    call.cached = 0;
}

void run_all(Call &call, std::vector<Item> items)
{
    Error const
        full(sqlstate::out_of_memory, "the server's table of locks is full",
             "Every object that is made or changed stays locked until its transaction ends. What was committed stays.",
             "Call again with a smaller chunk, or raise max_locks_per_transaction.");
    while (!items.empty()) {
        std::vector<Item> again;
        for (auto first = items.begin(); first != items.end();) {
            auto const chunk_size = static_cast<std::ptrdiff_t>(call.one_by_one ? 1 : call.chunk);
            auto const last = first + std::min(items.end() - first, chunk_size);
            pg::as_extension_owner([&] {
                std::vector<Item> const chunk(first, last);
                pg::with_full_lock_table_as(full, [&] {
                    pg::with_scratch_memory([&] {
                        for (const Item &item : run_chunk(call, chunk))
                            again.push_back(item);
                    });
                });
            });
            commit(call);
            first = last;
        }
        items = std::move(again);
        call.one_by_one = true;
    }
    call.one_by_one = false;
}

} // namespace

void in_chunks(const std::optional<std::string> &store, int chunk, const change::Allowed &allowed, bool is_atomic)
{
    if (chunk < 1)
        throw Error(sqlstate::invalid_parameter_value, "chunk must be 1 or more",
                    "It is the number of datasets or sinks after which a transaction is committed.",
                    "Leave it out: it is 100 then.");
    pg::begin_committing_procedure(is_atomic, "ds_reconcile", "ds_reconcile_schema");
    Call call{store, static_cast<std::size_t>(chunk), allowed, std::nullopt, {}};
    std::vector<Item> items;
    pg::as_extension_owner([&] {
        require_session();
        pg::plan_for_few_rows();
        items = all_tables(store);
    });
    run_all(call, std::move(items));
    std::vector<PermittedViews> workspaces;
    std::vector<LeftoverView> leftovers;
    pg::as_extension_owner([&] {
        pg::plan_for_few_rows();
        call.version = catalog::current_version();
        workspaces = permitted_views(pg::calling_role(), store);
        leftovers = permitted_leftovers(pg::calling_role(), store);
    });
    run_all(call, all_views(leftovers, workspaces));
    pg::as_extension_owner([&] {
        trim_records();
        call.tally.warn_of_waiting();
    });
    commit(call);
    call.tally.require_nothing_failed();
    pg::end_committing_procedure();
}

} // namespace datasurface::reconcile
