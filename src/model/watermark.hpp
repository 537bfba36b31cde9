// What a model says of a dataset of which only rows beyond a mark are read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace datasurface::model {

enum class MarkType { integer, bigint, date, timestamp, timestamptz, xmin };
enum class StampedBy {
    application,
    transaction
};                                             // transaction: the source's now() of the transaction that writes the row
enum class NullMarks { always, ignore, fail }; // rows without a mark: read each time, by whole pulls only, or an error
enum class WindowEnd { closed, half_open };    // half_open: rows with the largest mark wait for a larger one

struct Watermark {
    std::string column; // of the table or query; empty: xmin
    MarkType type = MarkType::timestamptz;
    StampedBy stamped_by = StampedBy::application;
    std::string overlap; // how far below the last mark a window begins: a duration, or a number. Empty: nothing is said
    std::string time_zone; // of what has none
    NullMarks nulls = NullMarks::always;
    WindowEnd window = WindowEnd::closed;
    std::string
        deleted_when; // a condition in SQL over the columns of the table or query; empty: rows are not deleted by windows
    std::string full_every; // a duration; empty: never
};

constexpr bool is_time(MarkType type)
{
    return type == MarkType::date || type == MarkType::timestamp || type == MarkType::timestamptz;
}

constexpr std::string_view word(MarkType value)
{
    constexpr std::string_view words[] = {"integer", "bigint", "date", "timestamp", "timestamptz", "xmin"};
    return words[static_cast<std::size_t>(value)];
}

constexpr std::string_view word(StampedBy value)
{
    return value == StampedBy::application ? "application" : "transaction";
}

constexpr std::string_view word(NullMarks value)
{
    return value == NullMarks::always ? "always" : value == NullMarks::ignore ? "ignore" : "fail";
}

constexpr std::string_view word(WindowEnd value)
{
    return value == WindowEnd::closed ? "closed" : "half_open";
}

// Of a mark that is a time in microseconds, else in its own unit. 0 where nothing is said.
std::int64_t overlap_of(const Watermark &watermark);

// In milliseconds; 0: never.
std::int64_t full_every(const Watermark &watermark);

} // namespace datasurface::model
