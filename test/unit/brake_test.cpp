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

// "deletes hold 40 of 100: 30 %"
std::string line(const Trip &trip)
{
    return std::string(trip.brake) + " " + std::string(word(trip.action)) + " " + std::to_string(trip.count) + " of " +
           std::to_string(trip.total) + ": " + trip.threshold;
}

std::string lines(const Brakes &brakes, const Counts &counts, bool pulled, bool near)
{
    std::string text;
    for (const Trip &one : trips(brakes, counts, pulled))
        if ((one.action == Action::off) == near)
            text += (text.empty() ? "" : "; ") + line(one);
    return text;
}

// Those that trip.
std::string told(const Brakes &brakes, const Counts &counts, bool pulled = true)
{
    return lines(brakes, counts, pulled, false);
}

// Those that are nearly reached.
std::string near(const Brakes &brakes, const Counts &counts)
{
    return lines(brakes, counts, true, true);
}

std::string message(const Brakes &brakes, const Counts &counts)
{
    std::vector<Trip> const all = trips(brakes, counts, true);
    return all.size() == 1 ? all[0].message : std::to_string(all.size()) + " brakes";
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
    EXPECT_EQ(told(brakes, deleting(11, 100)), "deletes hold 11 of 100: 10 rows");
    brakes.deletes = at(1, {}, Action::fail);
    EXPECT_EQ(told(brakes, deleting(2, 100)), "deletes fail 2 of 100: 1 row");
}

TEST(Brake, PercentIsOfTheRowsThatAreThere)
{
    Brakes brakes;
    brakes.deletes = at({}, 30);
    EXPECT_EQ(told(brakes, deleting(30, 100)), "");
    EXPECT_EQ(told(brakes, deleting(31, 100)), "deletes hold 31 of 100: 30 %");
    brakes.deletes = at({}, 0.1);
    EXPECT_EQ(told(brakes, deleting(1, 1000)), "");
    EXPECT_EQ(told(brakes, deleting(1, 999)), "deletes hold 1 of 999: 0.1 %");
    brakes.deletes = at({}, 100);
    EXPECT_EQ(told(brakes, deleting(100, 100)), "");
}

TEST(Brake, OfTwoThresholdsBothMustBeExceeded)
{
    Brakes brakes;
    brakes.deletes = at(1000, 30);
    EXPECT_EQ(told(brakes, deleting(1000, 1000)), "");
    EXPECT_EQ(told(brakes, deleting(3000, 10'000)), "");
    EXPECT_EQ(told(brakes, deleting(3001, 10'000)), "deletes hold 3001 of 10000: 1000 rows or 30 %");
}

TEST(Brake, ZeroRowsIsAThreshold)
{
    Brakes brakes;
    brakes.deletes = at(0);
    EXPECT_EQ(told(brakes, deleting(0, 10)), "");
    EXPECT_EQ(told(brakes, deleting(1, 10)), "deletes hold 1 of 10: 0 rows");
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
    EXPECT_EQ(told(brakes, counts), "changes warn 6 of 100: 5 rows");
}

TEST(Brake, EmptyIsAboutPullsOfADatasetThatHadSoManyRows)
{
    Brakes brakes;
    brakes.empty = at(100);
    EXPECT_EQ(told(brakes, deleting(99, 99)), "");
    EXPECT_EQ(told(brakes, deleting(100, 100)), "empty hold 0 of 100: below 100 rows");
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
    EXPECT_EQ(with(151), "rows warn 151 of 100: a factor of 1.5");
    EXPECT_EQ(with(67), "");
    EXPECT_EQ(with(66), "rows warn 66 of 100: a factor of 1.5");
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
    EXPECT_EQ(told(brakes, counts), "surplus hold 6 of 50: 10 %");
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

TEST(Brake, AllThatTripAreTold)
{
    Brakes brakes;
    brakes.deletes = at(10, {}, Action::warn);
    brakes.empty = at(10);
    EXPECT_EQ(told(brakes, deleting(100, 100)), "deletes warn 100 of 100: 10 rows; empty hold 0 of 100: below 10 rows");
}

TEST(Brake, OneSentenceSaysWhatCameAndWhatIsAllowed)
{
    Brakes brakes;
    brakes.deletes = at(1000, 30);
    EXPECT_EQ(message(brakes, deleting(1500, 2000)),
              "the batch deletes 1500 of 2000 rows (75 %); the brake allows 1000 rows or 30 %");
    brakes.deletes = at(0);
    EXPECT_EQ(message(brakes, deleting(1, 1)), "the batch deletes 1 of 1 row (100 %); the brake allows 0 rows");
    brakes = {};
    brakes.empty = at(100);
    EXPECT_EQ(message(brakes, deleting(2800, 2800)),
              "no rows came, and 2800 are there; the brake allows this below 100 rows");
    brakes = {};
    brakes.rows = times(2);
    Counts counts;
    counts.there = 1;
    counts.staged = 2;
    counts.usual_rows = 74.6;
    EXPECT_EQ(message(brakes, counts), "2 rows came where about 75 are usual; the brake allows a factor of 2");
    counts.staged = 1;
    brakes.rows = times(1.5);
    EXPECT_EQ(message(brakes, counts), "1 row came where about 75 are usual; the brake allows a factor of 1.5");
    brakes = {};
    brakes.surplus = at({}, 12.5);
    counts.staged = 5;
    counts.surplus = 2;
    EXPECT_EQ(message(brakes, counts),
              "2 of 5 rows that came are replaced by later ones of the same key (40 %); the brake allows 12.5 %");
    brakes = {};
    brakes.changes = at({}, 50);
    counts.inserted = 150'000'000;
    EXPECT_EQ(message(brakes, counts), "the batch inserts, updates or deletes 150000000 rows, and 1 are there "
                                       "(15000000000 %); the brake allows 50 %");
}

TEST(Brake, WhatIsExceededDoesNotLookAsIfItWereNot)
{
    Brakes brakes;
    brakes.deletes = at({}, 30);
    EXPECT_EQ(message(brakes, deleting(300'010, 1'000'000)),
              "the batch deletes 300010 of 1000000 rows (over 30 %); the brake allows 30 %");
    EXPECT_EQ(message(brakes, deleting(300'100, 1'000'000)),
              "the batch deletes 300100 of 1000000 rows (30.01 %); the brake allows 30 %");
    brakes.deletes = at(10);
    EXPECT_EQ(message(brakes, deleting(11, 1'000'000)),
              "the batch deletes 11 of 1000000 rows (under 0.01 %); the brake allows 10 rows");
}

TEST(Brake, NearIsFourFifthsOfEachThreshold)
{
    Brakes brakes;
    brakes.deletes = at(1000, 30);
    EXPECT_EQ(near(brakes, deleting(799, 2000)), "");
    EXPECT_EQ(near(brakes, deleting(800, 2000)), "deletes off 800 of 2000: 1000 rows or 30 %");
    EXPECT_EQ(near(brakes, deleting(1000, 2000)), "deletes off 1000 of 2000: 1000 rows or 30 %");
    EXPECT_EQ(near(brakes, deleting(1001, 2000)), "");
    EXPECT_EQ(near(brakes, deleting(2399, 10'000)), "");
    EXPECT_EQ(near(brakes, deleting(2400, 10'000)), "deletes off 2400 of 10000: 1000 rows or 30 %");
    EXPECT_EQ(near(brakes, deleting(3000, 10'000)), "deletes off 3000 of 10000: 1000 rows or 30 %");
    EXPECT_EQ(near(brakes, deleting(3001, 10'000)), "");
    EXPECT_EQ(message(brakes, deleting(2400, 10'000)),
              "the batch deletes 2400 of 10000 rows (24 %); this is near what the brake allows, 1000 rows or 30 %");
    brakes.deletes = at(10, {}, Action::fail);
    EXPECT_EQ(near(brakes, deleting(8, 10)), "deletes off 8 of 10: 10 rows");
    brakes.deletes = at(0);
    EXPECT_EQ(near(brakes, deleting(0, 10)), "");
    brakes.deletes = at({}, 8.2);
    EXPECT_EQ(near(brakes, deleting(656, 10'000)), "deletes off 656 of 10000: 8.2 %");
    EXPECT_EQ(near(brakes, deleting(655, 10'000)), "");
}

TEST(Brake, OnlyBrakesThatStopAreNear)
{
    Brakes brakes;
    for (Action const action : {Action::off, Action::warn}) {
        brakes.deletes = at(10, {}, action);
        EXPECT_EQ(near(brakes, deleting(9, 100)), "");
    }
    brakes = {};
    brakes.empty = at(5);
    brakes.rows = times(2);
    brakes.rows.action = Action::hold;
    Counts counts = deleting(1, 9);
    counts.usual_rows = 15;
    EXPECT_EQ(near(brakes, counts), "");
}

TEST(Brake, AnUnchangedBatchIsNearNothing)
{
    Brakes brakes;
    brakes.surplus = at({}, 10);
    Counts counts;
    counts.there = 92;
    counts.staged = 100;
    counts.surplus = 8;
    EXPECT_EQ(near(brakes, counts), "");
    counts.updated = 1;
    EXPECT_EQ(near(brakes, counts), "surplus off 8 of 100: 10 %");
    counts.updated = 0;
    brakes.surplus = at({}, 5, Action::warn);
    EXPECT_EQ(told(brakes, counts), "surplus warn 8 of 100: 5 %");
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
        EXPECT_EQ(told(brakes, counts), "") << tenths;
        counts.deleted += 1;
        EXPECT_NE(told(brakes, counts), "") << tenths;
    }
}

TEST(Brakes, OfAWindowRowsAreThoseThatItLeaves)
{
    Brakes brakes;
    brakes.rows = times(2);
    brakes.empty = at(1);
    Counts counts;
    counts.window = true;
    counts.there = 100;
    counts.usual_rows = 1000; // of snapshots
    EXPECT_EQ(told(brakes, counts), "") << "nothing has changed";
    counts.staged = counts.inserted = 100;
    EXPECT_EQ(told(brakes, counts), "");
    counts.staged = counts.inserted = 101;
    EXPECT_EQ(told(brakes, counts), "rows warn 201 of 100: a factor of 2");
    counts.inserted = 0;
    counts.staged = counts.deleted = 50;
    EXPECT_EQ(told(brakes, counts), "");
    counts.staged = counts.deleted = 51;
    EXPECT_EQ(told(brakes, counts), "rows warn 49 of 100: a factor of 2");
}

} // namespace datasurface::brake
