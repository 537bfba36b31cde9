// Settings of the server that will not do for a model.
#include "reconcile/plan_preflight.hpp"

#include <gtest/gtest.h>

namespace datasurface::reconcile {

namespace {

StoreSize store(const std::string &name, std::int64_t live, std::int64_t milestoned, bool is_multi = false)
{
    return {name, is_multi, live, milestoned, 0, 0};
}

std::vector<std::string> lines(const std::vector<Advice> &advice)
{
    std::vector<std::string> all;
    for (const Advice &one : advice)
        all.push_back(one.severity + " " + one.setting + " " + one.value + " " + one.wanted + " " +
                      one.reason.substr(0, one.reason.find(' ')));
    return all;
}

using Lines = std::vector<std::string>;

} // namespace

TEST(Preflight, ASmallModelNeedsNothing)
{
    EXPECT_TRUE(plan_preflight({}, {}, {}).empty());
    EXPECT_TRUE(plan_preflight({store("shop", 50, 50, true)}, {100, 100, 20 << 20}, {}).empty());
}

TEST(Preflight, PgDumpLocksAllTablesAtOnce)
{
    ServerSettings settings;
    settings.shared_buffers = 64LL << 30;
    std::vector<StoreSize> stores;
    for (int i = 0; i < 100; ++i)
        stores.push_back(store("s" + std::to_string(i), 10, 10));
    // 200 + 100 * (3 * 10 + 4 * 10) = 7200, and a quarter more, in 6400
    EXPECT_EQ(lines(plan_preflight(stores, {}, settings)), (Lines{"error max_locks_per_transaction 64 90 pg_dump"}));
    settings.max_locks = 90;
    EXPECT_TRUE(plan_preflight(stores, {}, settings).empty());
    settings.max_locks = 89;
    EXPECT_EQ(plan_preflight(stores, {}, settings).size(), 1u);
    // prepared transactions have room too
    settings.max_prepared = 2;
    EXPECT_TRUE(plan_preflight(stores, {}, settings).empty());
    // tables of others are dumped too
    EXPECT_EQ(lines(plan_preflight({store("shop", 1, 0)}, {8000, 1, 0}, settings)),
              (Lines{"error max_locks_per_transaction 89 101 pg_dump"}));
}

TEST(Preflight, TheLargestStoreDecidesOfBatchesAndReconcile)
{
    ServerSettings settings;
    settings.shared_buffers = 64LL << 30;
    std::vector<Advice> const advice =
        plan_preflight({store("small", 5, 0, true), store("large", 1100, 0, true)}, {}, settings);
    EXPECT_EQ(lines(advice), (Lines{"error max_locks_per_transaction 64 69 a",
                                    "warning max_locks_per_transaction 64 152 ds_reconcile_schema,"}));
    EXPECT_NE(advice[0].reason.find("\"large\""), std::string::npos);
    // datasets that commit on their own are no large batch
    EXPECT_EQ(lines(plan_preflight({store("large", 1100, 0)}, {}, settings)),
              (Lines{"warning max_locks_per_transaction 64 152 ds_reconcile_schema,"}));
}

TEST(Preflight, SinksHaveViews)
{
    ServerSettings settings;
    settings.shared_buffers = 64LL << 30;
    StoreSize shop = store("shop", 0, 250);
    EXPECT_TRUE(plan_preflight({shop}, {}, settings).empty());
    shop.milestoned_sinks = 250;
    EXPECT_EQ(plan_preflight({shop}, {}, settings).size(), 1u);
}

TEST(Preflight, CatalogsFitIntoHalfOfSharedBuffers)
{
    ServerSettings settings;
    settings.max_locks = 100000;
    settings.shared_buffers = 100LL << 20;
    EXPECT_TRUE(plan_preflight({store("shop", 1000, 0)}, {0, 1000, 50LL << 20}, settings).empty());
    EXPECT_EQ(lines(plan_preflight({store("shop", 1000, 0)}, {0, 1000, 51LL << 20}, settings)),
              (Lines{"warning shared_buffers 100MB 102MB the"}));
    // what reconcile has yet to make
    EXPECT_EQ(lines(plan_preflight({store("shop", 1000, 0)}, {0, 0, 20LL << 20}, settings)),
              (Lines{"warning shared_buffers 100MB 148MB the"}));
}

TEST(Preflight, AutovacuumIsOnAndHasTimeToLook)
{
    ServerSettings settings;
    settings.max_locks = 100000;
    settings.shared_buffers = 64LL << 30;
    settings.autovacuum = false;
    settings.track_counts = false;
    EXPECT_EQ(lines(plan_preflight({}, {}, settings)),
              (Lines{"error autovacuum off on each", "error track_counts off on autovacuum"}));
    settings.autovacuum = settings.track_counts = true;
    EXPECT_TRUE(plan_preflight({store("shop", 50000, 0)}, {}, settings).empty());
    settings.naptime = 16;
    EXPECT_EQ(lines(plan_preflight({store("shop", 50000, 0)}, {}, settings)),
              (Lines{"warning autovacuum_naptime 16s 17s at"}));
}

} // namespace datasurface::reconcile
