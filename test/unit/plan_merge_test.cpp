// What a merge is, and what came of it, as values.

#include <gtest/gtest.h>

#include "merge/plan.hpp"
#include "shapes.hpp"

namespace datasurface::merge {

TEST(PlanMerge, OfAWholeSnapshotHasTheBoundsOfItsBatch)
{
    shape::Shape const orders = shape::orders();
    Plan const plan = plan_merge(Mode::whole_snapshot, orders, 42, {1000, 7000});
    EXPECT_EQ(&plan.shape, &orders);
    EXPECT_EQ(plan.mode, Mode::whole_snapshot);
    EXPECT_EQ(plan.batch, 42);
    EXPECT_EQ(plan.staged.rows, 1000);
    EXPECT_EQ(plan.staged.last_arrival, 7000);
}

TEST(PlanMerge, OfAWholeSnapshotFollowsTheDuplicatePolicyOfTheDataset)
{
    shape::Shape orders = shape::orders();
    EXPECT_FALSE(plan_merge(Mode::whole_snapshot, orders, 1, {}).keeps_last());
    orders.duplicate_keys = model::DuplicateKeys::last;
    EXPECT_TRUE(plan_merge(Mode::whole_snapshot, orders, 1, {}).keeps_last());
}

TEST(PlanMerge, OnlyAWindowHasDeletes)
{
    shape::Shape orders = shape::orders();
    EXPECT_FALSE(plan_merge(Mode::window, orders, 1, {}).has_deletes());
    orders.staged_deletes = true;
    EXPECT_TRUE(plan_merge(Mode::window, orders, 1, {}).has_deletes());
    EXPECT_FALSE(plan_merge(Mode::whole_snapshot, orders, 1, {}).has_deletes());
}

TEST(PlanMerge, TheWordsOfModes)
{
    EXPECT_EQ(word(Mode::whole_snapshot), "snapshot");
    EXPECT_EQ(word(Mode::window), "window");
}

TEST(MergeResult, OnlyRowsThatAreWrittenAreAChange)
{
    Result result;
    result.staged = 10;
    result.unchanged = 7;
    result.surplus = 3;
    EXPECT_FALSE(result.changed());
    for (std::int64_t Result::*const count : {&Result::inserted, &Result::updated, &Result::deleted}) {
        Result written = result;
        written.*count = 1;
        EXPECT_TRUE(written.changed());
    }
}

TEST(MergeResult, TheWordsOfEngines)
{
    EXPECT_EQ(word(Engine::native), "native");
    EXPECT_EQ(word(Engine::sql), "sql");
}

} // namespace datasurface::merge
