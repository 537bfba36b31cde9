#include "ingest/plan_window.hpp"

#include <algorithm>
#include <limits>

#include "base/time_text.hpp"

namespace datasurface::ingest {

namespace {

using model::MarkType;
using model::Watermark;
using remote::SourceClock;

constexpr std::int64_t second = 1'000'000; // microseconds

// A session takes the time of its transaction, and shows it to others a moment later; and a column of type timestamptz(0) rounds it.
constexpr std::int64_t blur = second;

// Transaction numbers are compared on a circle of 32 bits.
constexpr std::int64_t half_circle = INT64_C(1) << 31;
constexpr std::int64_t most_transactions = half_circle - 10'000'000; // between two pulls

constexpr std::int64_t long_open = 600 * second;

bool by_transaction(const Watermark &watermark)
{
    return watermark.stamped_by == model::StampedBy::transaction;
}

} // namespace

std::string why_held(const Watermark &watermark, const SourceClock &clock)
{
    if (!model::is_time(watermark.type))
        return "";
    if (!clock.now)
        return "the source is a standby that has replayed no transaction yet";
    if (!by_transaction(watermark))
        return "";
    if (clock.has_prepared)
        return "a prepared transaction is open at the source";
    if (!watermark.overlap.empty())
        return "";
    if (clock.hides_sessions)
        return "the role cannot see since when transactions of other sessions are open at the source";
    return clock.in_recovery ? "the source is a standby, which does not tell what is open at its primary" : "";
}

namespace {

// Words that the view alarms knows.
std::string open_for_long(const SourceClock &clock)
{
    bool const is_long = clock.now && clock.oldest && *clock.now - *clock.oldest >= long_open;
    return is_long ? "a transaction is open at the source since " + time_text(*clock.oldest) : std::string();
}

struct Bound {
    std::optional<std::int64_t> at; // all rows with smaller marks are visible
    std::string held_by;
};

Bound bound_of(const Watermark &watermark, const SourceClock &clock)
{
    std::string const held = why_held(watermark, clock);
    if (!held.empty())
        return {std::nullopt, held};
    if (!by_transaction(watermark))
        return {*clock.now, ""};
    std::int64_t const oldest = std::min(clock.oldest.value_or(*clock.now), *clock.now);
    return {oldest - blur, open_for_long(clock)};
}

Window whole(const std::string &why, std::optional<std::int64_t> to, const std::string &held_by)
{
    return {why, std::nullopt, to, held_by};
}

Window window_of_transactions(const LastMark &last, const std::string &why, const SourceClock &clock)
{
    std::string const held_by = open_for_long(clock);
    if (!why.empty())
        return whole(why, clock.xmin, held_by);
    if (*last.mark > clock.xmax)
        return whole("the source has fewer transactions than it had", clock.xmin, held_by);
    if (clock.xmax - *last.mark >= most_transactions)
        return whole("the source has had too many transactions since", clock.xmin, held_by);
    return {"", *last.mark, clock.xmin, held_by};
}

// Marks of numbers may be as small as there are.
std::int64_t begin_of_window(const Watermark &watermark, std::int64_t mark)
{
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    std::int64_t const overlap = model::overlap_of(watermark);
    return mark < lowest + overlap ? lowest : mark - overlap;
}

// A transaction that began before the mark was open when the mark was taken, or began by another clock.
bool is_clock_back(const Watermark &watermark, std::int64_t mark, const SourceClock &clock)
{
    return clock.now.value_or(mark) < mark || (by_transaction(watermark) && clock.oldest.value_or(mark) < mark);
}

Window window_of_times(const Watermark &watermark, const LastMark &last, const std::string &why,
                       const SourceClock &clock, bool is_backwards)
{
    Bound const bound = bound_of(watermark, clock);
    bool const clock_is_back = last.mark && is_clock_back(watermark, *last.mark, clock);
    if (clock_is_back || is_backwards)
        return whole(why.empty() ? "the clock of the source has gone back" : why, bound.at, bound.held_by);
    if (!why.empty()) // what is held stays where it is
        return whole(why, bound.at ? bound.at : last.mark, bound.held_by);
    std::int64_t const mark = *last.mark;
    return {"", begin_of_window(watermark, mark), std::max(bound.at.value_or(mark), mark), bound.held_by};
}

} // namespace

std::string why_whole(const Watermark &watermark, const LastMark &last)
{
    if (!last.next_whole.empty())
        return last.next_whole;
    if (!last.mark)
        return "there is no mark yet";
    double const every = static_cast<double>(model::full_every(watermark)) / 1000;
    if (every > 0 && last.seconds_since_whole.value_or(every) >= every)
        return "full_every has passed";
    return "";
}

Window plan_window(const Watermark &watermark, const LastMark &last, const SourceClock &clock, bool is_backwards)
{
    std::string why = why_whole(watermark, last);
    if (why.empty() && is_backwards)
        why = "the source has gone back";
    if (watermark.type == MarkType::xmin)
        return window_of_transactions(last, why, clock);
    if (model::is_time(watermark.type))
        return window_of_times(watermark, last, why, clock, is_backwards);
    if (!why.empty())
        return whole(why, std::nullopt, "");
    return {"", begin_of_window(watermark, *last.mark), last.mark, ""};
}

bool needs_seen_marks(const Watermark &watermark)
{
    if (watermark.type == MarkType::xmin)
        return false;
    return !model::is_time(watermark.type) || watermark.window == model::WindowEnd::half_open ||
           watermark.nulls == model::NullMarks::fail;
}

namespace {

// Numbers have no clock: the largest mark is that of the next batch.
Window settle_numbers(const LastMark &last, Window window, const SeenMarks &seen)
{
    if (!window.is_whole() && (!seen.largest || *seen.largest < *last.mark))
        return whole("the largest mark is gone from the source", seen.largest, "");
    window.to = seen.largest;
    return window;
}

} // namespace

Window settle(const Watermark &watermark, const LastMark &last, Window window, const SeenMarks &seen, bool is_first)
{
    if (!model::is_time(watermark.type))
        window = settle_numbers(last, std::move(window), seen);
    if (watermark.window != model::WindowEnd::half_open)
        return window;
    // all rows of a whole pull are there, or those with the largest mark would be taken for deleted
    window.ends_below = !window.is_whole() || is_first;
    if (!seen.largest)
        window.to = window.is_whole() ? std::nullopt : last.mark;
    else if (window.to && *seen.largest < *window.to)
        window.to = seen.largest;
    return window;
}

bool serves(MarkType type, unsigned int oid)
{
    constexpr unsigned int int2 = 21, int4 = 23, int8 = 20, date = 1082, timestamp = 1114, timestamptz = 1184;
    switch (type) {
    case MarkType::date:
        return oid == date;
    case MarkType::timestamp:
        return oid == timestamp;
    case MarkType::timestamptz:
        return oid == timestamptz;
    case MarkType::integer:
    case MarkType::bigint:
    case MarkType::xmin:
        return oid == int2 || oid == int4 || oid == int8;
    }
    return false;
}

} // namespace datasurface::ingest
