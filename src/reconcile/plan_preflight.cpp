#include "reconcile/plan_preflight.hpp"

#include <algorithm>

namespace datasurface::reconcile {

namespace {

constexpr char locks[] = "max_locks_per_transaction";

// The server has room for so many locks for each connection that it allows. A quarter is left for what else runs.
class LockTable {
public:
    LockTable(std::vector<Advice> &advice, const ServerSettings &settings)
        : advice_(advice), settings_(settings), sessions_(settings.max_connections + settings.max_prepared)
    {
    }

    void require(std::int64_t needed, const std::string &what, const char *severity)
    {
        std::int64_t const with_others = needed + needed / 4;
        if (with_others <= settings_.max_locks * sessions_)
            return;
        std::int64_t const wanted = (with_others + sessions_ - 1) / sessions_;
        advice_.push_back({locks, std::to_string(settings_.max_locks), std::to_string(wanted),
                           what + " locks some " + std::to_string(needed) +
                               " objects at once; with a quarter more for what else runs that is " +
                               std::to_string(with_others) + ", and there is room for " +
                               std::to_string(settings_.max_locks * sessions_),
                           severity});
    }

private:
    std::vector<Advice> &advice_;
    const ServerSettings &settings_;
    std::int64_t sessions_;
};

std::int64_t made_by_reconcile(const StoreSize &store)
{
    return 11 * store.live + 18 * store.milestoned + 2 * store.live_sinks + 4 * store.milestoned_sinks;
}

std::int64_t locked_by_batch(const StoreSize &store)
{
    return store.is_multi ? 5 * store.datasets() : 0;
}

// Tables, the sequence and views.
std::int64_t locked_by_dump(const StoreSize &store)
{
    return 3 * store.live + 4 * store.milestoned + store.live_sinks + 2 * store.milestoned_sinks;
}

constexpr std::int64_t catalogs_of_dump = 200;

template <class Measure>
const StoreSize &largest(const std::vector<StoreSize> &stores, Measure measure)
{
    return *std::max_element(stores.begin(), stores.end(), [&](const StoreSize &one, const StoreSize &other) {
        return measure(one) < measure(other);
    });
}

void check_locks(std::vector<Advice> &advice, const std::vector<StoreSize> &stores, const DatabaseSize &database,
                 const ServerSettings &settings)
{
    LockTable table(advice, settings);
    std::int64_t dump = catalogs_of_dump + database.others;
    for (const StoreSize &store : stores)
        dump += locked_by_dump(store);
    table.require(dump, "pg_dump", "error");
    const StoreSize &batch = largest(stores, locked_by_batch);
    table.require(locked_by_batch(batch), "a batch of store \"" + batch.name + "\"", "error");
    const StoreSize &made = largest(stores, made_by_reconcile);
    table.require(made_by_reconcile(made),
                  "ds_reconcile_schema, when it makes all of store \"" + made.name +
                      "\" in one call (CALL ds_reconcile() does without, for it commits in between),",
                  "warning");
}

constexpr std::int64_t catalog_bytes_of_dataset = 55 * 1024;
constexpr std::int64_t megabyte = 1 << 20;

void check_shared_buffers(std::vector<Advice> &advice, std::int64_t datasets, const DatabaseSize &database,
                          const ServerSettings &settings)
{
    std::int64_t const to_come = std::max<std::int64_t>(datasets - database.made_datasets, 0);
    std::int64_t const bytes = database.catalog_bytes + to_come * catalog_bytes_of_dataset;
    if (bytes * 2 <= settings.shared_buffers)
        return;
    advice.push_back({"shared_buffers", std::to_string(settings.shared_buffers / megabyte) + "MB",
                      std::to_string((bytes * 2 + megabyte - 1) / megabyte) + "MB",
                      "the system catalogs with " + std::to_string(datasets) + " datasets have some " +
                          std::to_string(bytes / megabyte) +
                          " MB; batches and autovacuum read them all the time, and the rows need room beside them",
                      "warning"});
}

constexpr std::int64_t relations_per_second = 400000; // that an autovacuum worker looks through
constexpr std::int64_t relations_of_dataset = 13;

void check_autovacuum(std::vector<Advice> &advice, std::int64_t datasets, const DatabaseSize &database,
                      const ServerSettings &settings)
{
    if (!settings.autovacuum)
        advice.push_back(
            {"autovacuum", "off", "on", "each batch leaves dead rows, which nobody else removes", "error"});
    if (!settings.track_counts)
        advice.push_back(
            {"track_counts", "off", "on", "autovacuum does not learn which tables have dead rows", "error"});
    // a tenth of the time of one worker may go into looking for what to do
    std::int64_t const relations = datasets * relations_of_dataset + database.others;
    std::int64_t const wanted = (10 * relations + relations_per_second - 1) / relations_per_second;
    if (wanted > settings.naptime)
        advice.push_back({"autovacuum_naptime", std::to_string(settings.naptime) + "s", std::to_string(wanted) + "s",
                          "at each visit a worker looks through all of some " + std::to_string(relations) +
                              " relations, and would do little else",
                          "warning"});
}

} // namespace

std::vector<Advice> plan_preflight(const std::vector<StoreSize> &stores, const DatabaseSize &database,
                                   const ServerSettings &settings)
{
    std::vector<Advice> advice;
    std::int64_t datasets = 0;
    for (const StoreSize &store : stores)
        datasets += store.datasets();
    if (!stores.empty())
        check_locks(advice, stores, database, settings);
    if (!stores.empty())
        check_shared_buffers(advice, datasets, database, settings);
    check_autovacuum(advice, datasets, database, settings);
    return advice;
}

} // namespace datasurface::reconcile
