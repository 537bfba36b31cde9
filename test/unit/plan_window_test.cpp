// Which rows the next pull of a dataset with a watermark reads, and which mark it leaves.
#include <gtest/gtest.h>

#include <limits>
#include <optional>

#include "ingest/plan_window.hpp"
#include "ingest/plan_window_sql.hpp"

namespace datasurface::ingest {
namespace {

using model::MarkType;
using model::Watermark;
using remote::SourceClock;

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t noon = INT64_C(1'790'000'000) * second;

Watermark by_transaction()
{
    Watermark watermark;
    watermark.column = "updated_at";
    watermark.stamped_by = model::StampedBy::transaction;
    return watermark;
}

Watermark with_overlap(MarkType type, const std::string &overlap)
{
    Watermark watermark;
    watermark.column = "changed";
    watermark.type = type;
    watermark.overlap = overlap;
    return watermark;
}

SourceClock clock_at(std::int64_t now)
{
    SourceClock clock;
    clock.now = now;
    clock.xmin = 990;
    clock.xmax = 1000;
    return clock;
}

LastMark mark_at(std::int64_t mark)
{
    return {mark, "", 1.0};
}

TEST(PlanWindow, TheFirstPullIsWhole)
{
    Window const window = plan_window(by_transaction(), {}, clock_at(noon), false);
    EXPECT_EQ(window.why_whole, "there is no mark yet");
    EXPECT_EQ(window.to, noon - second); // what a session has not shown yet, and what is rounded
    EXPECT_EQ(window.held_by, "");
}

TEST(PlanWindow, BeginsAtTheMarkLessTheOverlap)
{
    Window const window =
        plan_window(with_overlap(MarkType::timestamptz, "10min"), mark_at(noon), clock_at(noon + 60 * second), false);
    EXPECT_FALSE(window.is_whole());
    EXPECT_EQ(window.from, noon - 600 * second);
    EXPECT_EQ(window.to, noon + 60 * second);
}

TEST(PlanWindow, DoesNotPassTheOldestOpenTransaction)
{
    SourceClock clock = clock_at(noon + 100 * second);
    clock.oldest = noon + 20 * second;
    EXPECT_EQ(plan_window(by_transaction(), mark_at(noon), clock, false).to, noon + 19 * second);
    EXPECT_EQ(plan_window(by_transaction(), {}, clock, false).to, noon + 19 * second);
    clock.oldest = noon + 200 * second; // of another clock
    EXPECT_EQ(plan_window(by_transaction(), mark_at(noon), clock, false).to, noon + 99 * second);
}

TEST(PlanWindow, TellsOfATransactionThatIsOpenForLong)
{
    SourceClock clock = clock_at(noon + 600 * second);
    clock.oldest = noon;
    std::string const since = "a transaction is open at the source since 2026-09-21 14:13:20.000000+00";
    EXPECT_EQ(plan_window(by_transaction(), mark_at(noon), clock, false).held_by, since);
    Watermark xmin;
    xmin.type = MarkType::xmin;
    EXPECT_EQ(plan_window(xmin, mark_at(900), clock, false).held_by, since);
    EXPECT_EQ(plan_window(xmin, {}, clock, false).held_by, since);
    clock.oldest = noon + 1;
    EXPECT_EQ(plan_window(by_transaction(), mark_at(noon), clock, false).held_by, "");
}

// The view alarms knows these words.
TEST(PlanWindow, SaysWhatHoldsTheMark)
{
    SourceClock clock = clock_at(noon);
    clock.in_recovery = true;
    EXPECT_EQ(why_held(by_transaction(), clock),
              "the source is a standby, which does not tell what is open at its primary");
    clock.hides_sessions = true;
    EXPECT_EQ(why_held(by_transaction(), clock),
              "the role cannot see since when transactions of other sessions are open at the source");
    clock.has_prepared = true;
    EXPECT_EQ(why_held(by_transaction(), clock), "a prepared transaction is open at the source");
    clock.now.reset();
    EXPECT_EQ(why_held(by_transaction(), clock), "the source is a standby that has replayed no transaction yet");
}

// A whole pull that nothing was seen in leaves no mark of numbers, also where there was one.
TEST(PlanWindow, ForgetsTheMarkOfAnEmptyTable)
{
    Watermark const watermark = with_overlap(MarkType::bigint, "10");
    Window const window = plan_window(watermark, {100, "asked", 1}, clock_at(noon), false);
    EXPECT_EQ(settle(watermark, {100, "asked", 1}, window, {std::nullopt, false}, false).to, std::nullopt);
}

// Stamps of applications say nothing of transactions: the overlap covers them.
TEST(PlanWindow, LeavesOpenTransactionsToTheOverlap)
{
    SourceClock clock = clock_at(noon + 100 * second);
    clock.oldest = noon - 5000 * second;
    clock.has_prepared = clock.hides_sessions = true;
    Window const window = plan_window(with_overlap(MarkType::timestamptz, "1h"), mark_at(noon), clock, false);
    EXPECT_EQ(window.to, noon + 100 * second);
    EXPECT_EQ(window.held_by, "");
}

TEST(PlanWindow, StaysWhileItIsNotKnownWhatIsOpen)
{
    for (bool SourceClock::*const unknown :
         {&SourceClock::has_prepared, &SourceClock::hides_sessions, &SourceClock::in_recovery}) {
        SourceClock clock = clock_at(noon + 100 * second);
        clock.*unknown = true;
        Window const window = plan_window(by_transaction(), mark_at(noon), clock, false);
        EXPECT_FALSE(window.is_whole());
        EXPECT_EQ(window.from, noon);
        EXPECT_EQ(window.to, noon);
        EXPECT_NE(window.held_by, "");
        EXPECT_EQ(plan_window(by_transaction(), {}, clock, false).to, std::nullopt);
    }
}

// A prepared transaction may be older than any overlap.
TEST(PlanWindow, AnOverlapCoversWhatIsHiddenButNotWhatIsPrepared)
{
    Watermark watermark = by_transaction();
    watermark.overlap = "1h";
    SourceClock clock = clock_at(noon + 100 * second);
    clock.hides_sessions = clock.in_recovery = true;
    EXPECT_EQ(plan_window(watermark, mark_at(noon), clock, false).to, noon + 99 * second);
    clock.has_prepared = true;
    EXPECT_EQ(plan_window(watermark, mark_at(noon), clock, false).to, noon);
}

TEST(PlanWindow, IsWholeWhenTheClockGoesBack)
{
    Window const window =
        plan_window(with_overlap(MarkType::timestamptz, "1h"), mark_at(noon), clock_at(noon - second), false);
    EXPECT_EQ(window.why_whole, "the clock of the source has gone back");
    EXPECT_EQ(window.to, noon - second);
    SourceClock held = clock_at(noon - second);
    held.has_prepared = true;
    EXPECT_EQ(plan_window(by_transaction(), mark_at(noon), held, false).why_whole,
              "the clock of the source has gone back");
    // a transaction that began before the mark was open when the mark was taken, or began by another clock
    SourceClock clock = clock_at(noon + 5 * second);
    clock.oldest = noon - 1;
    EXPECT_EQ(plan_window(by_transaction(), mark_at(noon), clock, false).why_whole,
              "the clock of the source has gone back");
    // one that was not shown yet then
    clock.oldest = noon + second / 2;
    EXPECT_FALSE(plan_window(by_transaction(), mark_at(noon), clock, false).is_whole());
    EXPECT_EQ(plan_window(by_transaction(), mark_at(noon), clock, false).to, noon);
}

TEST(PlanWindow, IsWholeWhenItHasTo)
{
    Watermark watermark = by_transaction();
    watermark.full_every = "1h";
    SourceClock const clock = clock_at(noon + second);
    EXPECT_FALSE(plan_window(watermark, {noon, "", 3599}, clock, false).is_whole());
    EXPECT_EQ(plan_window(watermark, {noon, "", 3600}, clock, false).why_whole, "full_every has passed");
    EXPECT_EQ(plan_window(watermark, {noon, "asked", 1}, clock, false).why_whole, "asked");
    EXPECT_EQ(plan_window(watermark, {noon, "", 1}, clock, true).why_whole, "the source has gone back");
}

// Or each pull would be whole until the transaction ends.
TEST(PlanWindow, AWholePullKeepsAMarkThatIsHeld)
{
    SourceClock clock = clock_at(noon + second);
    clock.has_prepared = true;
    EXPECT_EQ(plan_window(by_transaction(), {noon, "asked", 1}, clock, false).to, noon);
    EXPECT_EQ(plan_window(by_transaction(), {noon, "asked", 1}, clock, true).to, std::nullopt);
    EXPECT_EQ(plan_window(by_transaction(), {noon + 2 * second, "asked", 1}, clock, false).to, std::nullopt);
}

TEST(PlanWindow, OfTransactionsNeedsNoOverlap)
{
    Watermark watermark;
    watermark.type = MarkType::xmin;
    Window const window = plan_window(watermark, mark_at(900), clock_at(noon), false);
    EXPECT_EQ(window.from, 900);
    EXPECT_EQ(window.to, 990);
    EXPECT_EQ(plan_window(watermark, mark_at(1001), clock_at(noon), false).why_whole,
              "the source has fewer transactions than it had");
    SourceClock late = clock_at(noon);
    late.xmin = late.xmax = 900 + (INT64_C(1) << 31) - 10'000'000;
    EXPECT_EQ(plan_window(watermark, mark_at(900), late, false).why_whole,
              "the source has had too many transactions since");
    --late.xmax;
    EXPECT_FALSE(plan_window(watermark, mark_at(900), late, false).is_whole());
}

TEST(PlanWindow, OfNumbersGoesToTheLargest)
{
    Watermark const watermark = with_overlap(MarkType::bigint, "10");
    Window const window = plan_window(watermark, mark_at(100), clock_at(noon), false);
    EXPECT_EQ(window.from, 90);
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(plan_window(watermark, mark_at(lowest + 3), clock_at(noon), false).from, lowest);
    EXPECT_TRUE(needs_seen_marks(watermark));
    EXPECT_EQ(settle(watermark, mark_at(100), window, {120, false}, false).to, 120);
    EXPECT_EQ(settle(watermark, mark_at(100), window, {100, false}, false).to, 100);
    for (std::optional<std::int64_t> const gone : {std::optional<std::int64_t>(99), std::optional<std::int64_t>()}) {
        Window const whole = settle(watermark, mark_at(100), window, {gone, false}, false);
        EXPECT_EQ(whole.why_whole, "the largest mark is gone from the source");
        EXPECT_EQ(whole.from, std::nullopt);
        EXPECT_EQ(whole.to, gone);
    }
    Window const first = plan_window(watermark, {}, clock_at(noon), false);
    EXPECT_EQ(settle(watermark, {}, first, {7, false}, true).to, 7);
}

// Cases W2 to W7 of half-open windows: the rows with the largest mark wait for a larger one.
TEST(PlanWindow, HalfOpenEndsBelowTheLargestMark)
{
    Watermark watermark = with_overlap(MarkType::timestamptz, "0");
    watermark.window = model::WindowEnd::half_open;
    Window window = plan_window(watermark, {}, clock_at(noon), false);
    EXPECT_TRUE(needs_seen_marks(watermark));
    Window const first = settle(watermark, {}, window, {noon - 60 * second, false}, true);
    EXPECT_TRUE(first.ends_below);
    EXPECT_EQ(first.to, noon - 60 * second);
    // nothing is there yet: the next pull is whole too
    EXPECT_EQ(settle(watermark, {}, window, {std::nullopt, false}, true).to, std::nullopt);
    // a whole pull of a table with rows would delete those that wait
    EXPECT_FALSE(settle(watermark, {}, window, {noon - 60 * second, false}, false).ends_below);

    window = plan_window(watermark, mark_at(noon - 60 * second), clock_at(noon), false);
    Window const second_one = settle(watermark, mark_at(noon - 60 * second), window, {noon - second, false}, false);
    EXPECT_EQ(second_one.from, noon - 60 * second);
    EXPECT_EQ(second_one.to, noon - second);
    EXPECT_TRUE(second_one.ends_below);
    Window const quiet = settle(watermark, mark_at(noon - 60 * second), window, {std::nullopt, false}, false);
    EXPECT_EQ(quiet.to, noon - 60 * second);
}

TEST(PlanWindow, TypesServeOrNot)
{
    EXPECT_TRUE(serves(MarkType::timestamptz, 1184));
    EXPECT_FALSE(serves(MarkType::timestamptz, 1114));
    EXPECT_TRUE(serves(MarkType::integer, 20));
    EXPECT_FALSE(serves(MarkType::bigint, 1700));
    EXPECT_FALSE(serves(MarkType::date, 0));
}

TEST(WindowSql, ReadsFromTheMarkAndWhatHasNone)
{
    Window const window = plan_window(by_transaction(), mark_at(noon), clock_at(noon + second), false);
    EXPECT_EQ(
        select_of(by_transaction(), window, "SELECT 1"),
        "SELECT * FROM (\nSELECT 1\n) AS ds_surf_rows WHERE (ds_surf_mark >= "
        "'2026-09-21 14:13:20.000000+00'::pg_catalog.timestamptz OR ds_surf_mark IS NULL OR ds_surf_mark = '-infinity')");
    Watermark ignoring = by_transaction();
    ignoring.nulls = model::NullMarks::ignore;
    EXPECT_EQ(select_of(ignoring, window, "SELECT 1"),
              "SELECT * FROM (\nSELECT 1\n) AS ds_surf_rows WHERE (ds_surf_mark >= "
              "'2026-09-21 14:13:20.000000+00'::pg_catalog.timestamptz OR ds_surf_mark = '-infinity')");
}

TEST(WindowSql, AWholePullReadsAllButWhatIsDeleted)
{
    Watermark watermark = by_transaction();
    Window const window = plan_window(watermark, {}, clock_at(noon), false);
    EXPECT_EQ(select_of(watermark, window, "SELECT 1"), "SELECT 1");
    watermark.deleted_when = "gone";
    EXPECT_EQ(extra_columns(watermark), ", \"updated_at\" AS ds_surf_mark, (gone\n) AS \"ds_surf_deleted\"");
    EXPECT_EQ(select_of(watermark, window, "SELECT 1"),
              "SELECT * FROM (\nSELECT 1\n) AS ds_surf_rows WHERE \"ds_surf_deleted\" IS NOT TRUE");
}

// "ignore" leaves rows without a mark to whole pulls; the first of half-open windows is one.
TEST(WindowSql, AWholePullOfHalfOpenWindowsReadsRowsWithoutAMark)
{
    Watermark watermark = with_overlap(MarkType::timestamptz, "0");
    watermark.window = model::WindowEnd::half_open;
    watermark.nulls = model::NullMarks::ignore;
    Window const window = settle(watermark, {}, plan_window(watermark, {}, clock_at(noon), false), {noon, false}, true);
    EXPECT_EQ(select_of(watermark, window, "SELECT 1"),
              "SELECT * FROM (\nSELECT 1\n) AS ds_surf_rows WHERE (ds_surf_mark < "
              "'2026-09-21 14:13:20.000000+00'::pg_catalog.timestamptz OR ds_surf_mark IS NULL)");
}

TEST(WindowSql, LocalTimesComeTwiceInAutumn)
{
    Watermark watermark = with_overlap(MarkType::timestamp, "0");
    watermark.time_zone = "UTC";
    Window const window = plan_window(watermark, mark_at(noon), clock_at(noon + second), false);
    std::string const bound = "pg_catalog.timezone('UTC', '2026-09-21 14:13:20.000000+00'::pg_catalog.timestamptz)";
    EXPECT_NE(select_of(watermark, window, "").find("ds_surf_mark >= " + bound + " OR"), std::string::npos);
    watermark.time_zone = "Europe/Zurich";
    EXPECT_NE(select_of(watermark, window, "").find("'2026-09-21 12:13:20.000000+00'"), std::string::npos);
    watermark.type = MarkType::date;
    EXPECT_NE(select_of(watermark, window, "").find("::pg_catalog.timestamptz))::pg_catalog.date"), std::string::npos);
}

TEST(WindowSql, TransactionsAreComparedOnTheirCircle)
{
    Watermark watermark;
    watermark.type = MarkType::xmin;
    Window const window = plan_window(
        watermark, mark_at((INT64_C(3) << 32) + 5),
        [] {
            SourceClock clock = clock_at(noon);
            clock.xmax = clock.xmin = (INT64_C(3) << 32) + 50;
            return clock;
        }(),
        false);
    EXPECT_EQ(extra_columns(watermark), ", xmin::pg_catalog.text::pg_catalog.int8 AS ds_surf_mark");
    EXPECT_EQ(select_of(watermark, window, "SELECT 1"),
              "SELECT * FROM (\nSELECT 1\n) AS ds_surf_rows WHERE ((ds_surf_mark - 5 + 4294967296) % 4294967296 < "
              "2147483648)");
}

TEST(WindowSql, AsksForTheLargestMark)
{
    Watermark const numbers = with_overlap(MarkType::integer, "10");
    Window const window = plan_window(numbers, mark_at(100), clock_at(noon), false);
    EXPECT_EQ(
        select_of_seen_marks(numbers, window, "SELECT 1"),
        "SELECT (pg_catalog.max(ds_surf_mark))::pg_catalog.int8, coalesce(pg_catalog.bool_or(ds_surf_mark IS NULL), "
        "false) FROM (\nSELECT 1\n) AS ds_surf_rows WHERE (ds_surf_mark >= '90'::pg_catalog.int8 OR ds_surf_mark IS NULL)");
    Watermark times = with_overlap(MarkType::timestamptz, "0");
    times.window = model::WindowEnd::half_open;
    Window const first = plan_window(times, {}, clock_at(noon), false);
    EXPECT_EQ(
        select_of_seen_marks(times, first, "SELECT 1"),
        "SELECT (extract(epoch FROM pg_catalog.max(ds_surf_mark) FILTER (WHERE pg_catalog.isfinite(ds_surf_mark) AND "
        "ds_surf_mark <= '2026-09-21 14:13:20.000000+00'::pg_catalog.timestamptz)) * 1000000)::pg_catalog.int8, "
        "coalesce(pg_catalog.bool_or(ds_surf_mark IS NULL), false) FROM (\nSELECT 1\n) AS ds_surf_rows");
}

// The xmin of a foreign table is no transaction of the server that is asked, and neither are those that stamp its rows.
TEST(WindowSql, AsksForTablesOfOtherServers)
{
    Watermark xmin;
    xmin.type = MarkType::xmin;
    model::TableName const table{"erp", "orders"};
    EXPECT_NE(foreign_part_statement(xmin, table).find("NOT IN ('r', 'p', 'm')"), std::string::npos);
    EXPECT_NE(foreign_part_statement(by_transaction(), table).find("= 'f'"), std::string::npos);
    EXPECT_EQ(foreign_part_statement(by_transaction(), {}), "");
    Watermark covered = by_transaction();
    covered.overlap = "1h";
    EXPECT_EQ(foreign_part_statement(covered, table), "");
    EXPECT_EQ(foreign_part_statement(with_overlap(MarkType::bigint, "0"), table), "");
}

} // namespace
} // namespace datasurface::ingest
