// When the keys of a window are looked up, and when the merge table is scanned.

#include <gtest/gtest.h>

#include "native/plan_look_up.hpp"

namespace datasurface::native {

namespace {

constexpr CostSettings usual{1, 4, 0.01, 0.005, 0.0025, 524288};
constexpr MergeTableSize large{250000, 20e6, 55000};

} // namespace

TEST(PlanLookUp, AFewKeysOfALargeTableAreLookedUp)
{
    EXPECT_TRUE(is_better_looked_up(1000, large, usual));
    EXPECT_LT(cost_of_look_ups(1000, large, usual) * 20, cost_of_scan(large, usual));
}

TEST(PlanLookUp, OfManyKeysTheTableIsScanned)
{
    EXPECT_FALSE(is_better_looked_up(1e6, large, usual));
    EXPECT_FALSE(is_better_looked_up(1000, {10, 1000, 5}, usual));
}

TEST(PlanLookUp, NothingIsLookedUpInAnEmptyTable)
{
    EXPECT_FALSE(is_better_looked_up(1000, {0, 0, 1}, usual));
    EXPECT_FALSE(is_better_looked_up(0, {0, 0, 1}, usual));
    EXPECT_TRUE(is_better_looked_up(0, large, usual));
}

TEST(PlanLookUp, FollowsTheSettings)
{
    CostSettings of_fast_disks = usual;
    of_fast_disks.random_page_cost = 1.1;
    double keys = 1000;
    while (is_better_looked_up(keys, large, usual))
        keys *= 1.1;
    EXPECT_TRUE(is_better_looked_up(keys, large, of_fast_disks));
    CostSettings of_slow_disks = usual;
    of_slow_disks.random_page_cost = 10000;
    EXPECT_FALSE(is_better_looked_up(1000, large, of_slow_disks));
}

TEST(PlanLookUp, NoPageIsCountedMoreThanOnceWhereAllAreCached)
{
    CostSettings only_pages = usual;
    only_pages.cpu_tuple_cost = only_pages.cpu_index_tuple_cost = only_pages.cpu_operator_cost = 0;
    double const all = (large.pages + large.index_pages) * only_pages.random_page_cost;
    EXPECT_LE(cost_of_look_ups(1e9, large, only_pages), all * 1.001);
    only_pages.effective_cache_size = 1000;
    EXPECT_GT(cost_of_look_ups(1e9, large, only_pages), 100 * all);
}

} // namespace datasurface::native
