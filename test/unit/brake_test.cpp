// Which brakes trip at which counts.

#include <gtest/gtest.h>

#include "brake/brake.hpp"

namespace datasurface::brake {

namespace {

using model::Action;
using model::Brake;
using model::Brakes;

Brake at(std::optional<std::int64_t> rows, std::optional<double> percent = {}, Action action = Action::hold)
{
    Brake brake;
    brake.action = action;
    brake.rows = rows;
    brake.percent = percent;
    return brake;
}

Brake times(double factor)
{
    Brake brake;
    brake.action = Action::warn;
    brake.factor = factor;
    return brake;
}

Counts deleting(std::int64_t deleted, std::int64_t there)
{
    Counts counts;
    counts.there = there;
    counts.staged = there - deleted;
    counts.deleted = deleted;
    return counts;
}

// "deletes hold 40 of 100: up to 30 %"
std::string told(const Brakes &brakes, const Counts &counts, bool pulled = true)
{
    std::string text;
    for (const Trip &one : trips(brakes, counts, pulled))
        text += (text.empty() ? "" : "; ") + std::string(one.brake) + " " + std::string(word(one.action)) + " " +
                std::to_string(one.count) + " of " + std::to_string(one.total) + ": " + one.threshold;
    return text;
}

} // namespace

TEST(Brake, OffIsNeverTripped)
{
    Counts counts = deleting(1'000'000, 1'000'000);
    counts.surplus = 5;
    counts.usual_rows = 10;
    EXPECT_EQ(told({}, counts), "");
}

TEST(Brake, RowsAreExceededNotReached)
{
    Brakes brakes;
    brakes.deletes = at(10);
    EXPECT_EQ(told(brakes, deleting(10, 100)), "");
    EXPECT_EQ(told(brakes, deleting(11, 100)), "deletes hold 11 of 100: up to 10 rows");
    brakes.deletes = at(1, {}, Action::fail);
    EXPECT_EQ(told(brakes, deleting(2, 100)), "deletes fail 2 of 100: up to 1 row");
}

TEST(Brake, PercentIsOfTheRowsThatAreThere)
{
    Brakes brakes;
    brakes.deletes = at({}, 30);
    EXPECT_EQ(told(brakes, deleting(30, 100)), "");
    EXPECT_EQ(told(brakes, deleting(31, 100)), "deletes hold 31 of 100: up to 30 %");
    brakes.deletes = at({}, 0.1);
    EXPECT_EQ(told(brakes, deleting(1, 1000)), "");
    EXPECT_EQ(told(brakes, deleting(1, 999)), "deletes hold 1 of 999: up to 0.1 %");
    brakes.deletes = at({}, 100);
    EXPECT_EQ(told(brakes, deleting(100, 100)), "");
}

TEST(Brake, OfTwoThresholdsBothMustBeExceeded)
{
    Brakes brakes;
    brakes.deletes = at(1000, 30);
    EXPECT_EQ(told(brakes, deleting(1000, 1000)), "");
    EXPECT_EQ(told(brakes, deleting(3000, 10'000)), "");
    EXPECT_EQ(told(brakes, deleting(3001, 10'000)), "deletes hold 3001 of 10000: up to 1000 rows, or up to 30 %");
}

TEST(Brake, ZeroRowsIsAThreshold)
{
    Brakes brakes;
    brakes.deletes = at(0);
    EXPECT_EQ(told(brakes, deleting(0, 10)), "");
    EXPECT_EQ(told(brakes, deleting(1, 10)), "deletes hold 1 of 10: up to 0 rows");
}

TEST(Brake, ChangesAreAllThatChanged)
{
    Brakes brakes;
    brakes.changes = at(5, {}, Action::warn);
    Counts counts;
    counts.there = 100;
    counts.staged = 101;
    counts.inserted = 3;
    counts.updated = 1;
    counts.deleted = 1;
    EXPECT_EQ(told(brakes, counts), "");
    counts.updated = 2;
    EXPECT_EQ(told(brakes, counts), "changes warn 6 of 100: up to 5 rows");
}

TEST(Brake, EmptyIsAboutPullsOfADatasetThatHadSoManyRows)
{
    Brakes brakes;
    brakes.empty = at(100);
    EXPECT_EQ(told(brakes, deleting(99, 99)), "");
    EXPECT_EQ(told(brakes, deleting(100, 100)), "empty hold 0 of 100: no rows while there are fewer than 100");
    EXPECT_EQ(told(brakes, deleting(99, 100)), "");
    EXPECT_EQ(told(brakes, deleting(100, 100), false), "");
}

TEST(Brake, RowsMayBeMoreOrFewerThanUsualByTheFactor)
{
    Brakes brakes;
    brakes.rows = times(1.5);
    Counts counts;
    counts.there = 1;
    auto const with = [&](std::int64_t staged) {
        counts.staged = staged;
        return told(brakes, counts);
    };
    EXPECT_EQ(with(1'000'000), ""); // nothing is usual yet
    counts.usual_rows = 100;
    EXPECT_EQ(with(150), "");
    EXPECT_EQ(with(151), "rows warn 151 of 100: up to 1.5 times as many or as few rows as usual");
    EXPECT_EQ(with(67), "");
    EXPECT_EQ(with(66), "rows warn 66 of 100: up to 1.5 times as many or as few rows as usual");
    counts.usual_rows = 0;
    EXPECT_EQ(with(0), "");
    EXPECT_NE(with(1), "");
}

TEST(Brake, SurplusIsOfTheStagedRows)
{
    Brakes brakes;
    brakes.surplus = at({}, 10);
    Counts counts;
    counts.there = 1;
    counts.staged = 50;
    counts.surplus = 5;
    EXPECT_EQ(told(brakes, counts), "");
    counts.surplus = 6;
    EXPECT_EQ(told(brakes, counts), "surplus hold 6 of 50: up to 10 %");
}

TEST(Brake, AFirstLoadHasNoBrakes)
{
    Brakes brakes;
    brakes.changes = brakes.surplus = at(0);
    brakes.rows = times(2);
    Counts counts;
    counts.staged = counts.inserted = counts.surplus = 1000;
    counts.usual_rows = 1;
    EXPECT_EQ(told(brakes, counts), "");
    counts.there = 1;
    EXPECT_NE(told(brakes, counts), "");
}

TEST(Brake, AllThatTripAreToldAndTheStrongestCounts)
{
    Brakes brakes;
    brakes.deletes = at(10, {}, Action::warn);
    brakes.empty = at(10);
    std::vector<Trip> const both = trips(brakes, deleting(100, 100), true);
    EXPECT_EQ(both.size(), 2u);
    EXPECT_EQ(strongest(both), Action::hold);
    EXPECT_EQ(strongest({}), Action::off);
}

// Percentages of tables that no double counts exactly do not overflow.
TEST(Brake, LargeCounts)
{
    constexpr std::int64_t most = std::int64_t{1} << 62;
    Brakes brakes;
    brakes.deletes = at({}, 50);
    EXPECT_EQ(told(brakes, deleting(most / 4, most)), "");
    EXPECT_NE(told(brakes, deleting(most / 4 * 3, most)), "");
}

TEST(Brake, ExactlyTheAllowedShareDoesNotTrip)
{
    model::Brakes brakes;
    brakes.deletes.action = model::Action::hold;
    for (int tenths = 1; tenths <= 1000; ++tenths) {
        brakes.deletes.percent = tenths / 10.0;
        Counts counts;
        counts.there = counts.staged = 3000;
        counts.deleted = 3 * tenths;
        EXPECT_TRUE(trips(brakes, counts, true).empty()) << tenths;
        counts.deleted += 1;
        EXPECT_EQ(trips(brakes, counts, true).size(), 1U) << tenths;
    }
}

} // namespace datasurface::brake
