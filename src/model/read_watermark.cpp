#include "model/read_watermark.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "model/closing.hpp"
#include "model/duration.hpp"
#include "model/lint_names.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t longest_condition = 10'000; // characters
constexpr std::size_t longest_length = 50;
constexpr std::size_t longest_zone = 100;

constexpr BlankText no_length{"empty_duration", "the duration"};
constexpr BlankText no_zone{"empty_name", "the name of the time zone"};
constexpr BlankText no_condition{"empty_condition", "the condition"};

constexpr Member watermark_members[] = {
    {"column", false, [](void *mark) -> Slot { return name_into(as<Watermark>(mark).column); }},
    {"type", true,
     [](void *mark) -> Slot {
         return word_into<MarkType::integer, MarkType::bigint, MarkType::date, MarkType::timestamp,
                          MarkType::timestamptz, MarkType::xmin>(as<Watermark>(mark).type);
     }},
    {"stamped_by", false,
     [](void *mark) -> Slot {
         return word_into<StampedBy::application, StampedBy::transaction>(as<Watermark>(mark).stamped_by);
     }},
    {"overlap", false,
     [](void *mark) -> Slot {
         return Scalar{&as<Watermark>(mark).overlap, longest_length, true};
     }},
    {"time_zone", false,
     [](void *mark) -> Slot {
         return Text{&as<Watermark>(mark).time_zone, &no_zone, longest_zone};
     }},
    {"nulls", false,
     [](void *mark) -> Slot {
         return word_into<NullMarks::always, NullMarks::ignore, NullMarks::fail>(as<Watermark>(mark).nulls);
     }},
    {"window", false,
     [](void *mark) -> Slot { return word_into<WindowEnd::closed, WindowEnd::half_open>(as<Watermark>(mark).window); }},
    {"deleted_when", false,
     [](void *mark) -> Slot {
         return Text{&as<Watermark>(mark).deleted_when, &no_condition, longest_condition};
     }},
    {"full_every", false,
     [](void *mark) -> Slot {
         return Text{&as<Watermark>(mark).full_every, &no_length, longest_length};
     }},
};

void refuse(Closing &closing, std::string_view member, const std::string &message, const std::string &hint)
{
    if (closing.has(member))
        closing.report.error(closing.at(member), "unexpected_member", message, hint);
}

void finish_xmin(Closing &closing)
{
    for (const char *const member : {"column", "overlap", "time_zone", "nulls", "window", "stamped_by"})
        refuse(closing, member, "a watermark of type \"xmin\" has no " + shown(member),
               "Leave it out: the rows are found by the system column xmin, which every table has.");
}

bool is_number(std::string_view text)
{
    constexpr std::size_t most_digits = 18;
    return !text.empty() && text.size() <= most_digits &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_overlap(const Watermark &mark, Closing &closing)
{
    bool const times = is_time(mark.type);
    if (!closing.could_read("overlap") || (times ? milliseconds(mark.overlap).has_value() : is_number(mark.overlap)))
        return;
    closing.report.error(closing.at("overlap"), "invalid_overlap",
                         "the overlap of a watermark of type " + shown(word(mark.type)) + " is " +
                             (times ? "a whole number and a unit" : "a whole number from 0 on, of at most 18 digits") +
                             ", not " + shown(mark.overlap),
                         times ? "Write \"" + std::string(mark.type == MarkType::date ? "1d" : "10min") +
                                     "\", say; units are ms, s, min, h and d. \"0\" is none."
                               : "Write how far below the last mark a window begins, such as 1000. 0 is none.");
}

constexpr char why_overlap_of_times[] =
    "Write \"overlap\": \"10min\", say: how long after its mark a row may become visible, because its transaction commits later, "
    "or its clock is behind. Rows that are read again make no versions.";
constexpr char why_overlap_of_numbers[] =
    "Write \"overlap\": 1000, say: how far below larger marks, which are visible already, the mark of a new row may be. Rows "
    "that are read again make no versions. 0 says that marks become visible in their order.";
constexpr char or_by_transaction[] =
    " If the source stamps rows with now(), write \"stamped_by\": \"transaction\" instead.";

void lint_overlap(const Watermark &mark, Closing &closing)
{
    if (closing.has("overlap"))
        return check_overlap(mark, closing);
    bool const may_do_without = mark.type == MarkType::timestamptz;
    if (may_do_without &&
        (mark.stamped_by == StampedBy::transaction || closing.has("stamped_by") != closing.could_read("stamped_by")))
        return;
    closing.report.error(closing.at(), "missing_overlap",
                         "a watermark of type " + shown(word(mark.type)) + " needs an \"overlap\"" +
                             (may_do_without ? ", unless rows are stamped by the transaction that writes them" : ""),
                         !is_time(mark.type) ? why_overlap_of_numbers
                         : may_do_without    ? std::string(why_overlap_of_times) + or_by_transaction
                                             : why_overlap_of_times);
}

void lint_time_zone(const Watermark &mark, Closing &closing)
{
    bool const needs_zone = mark.type == MarkType::date || mark.type == MarkType::timestamp;
    if (!needs_zone)
        return refuse(closing, "time_zone", "a watermark of type " + shown(word(mark.type)) + " has no \"time_zone\"",
                      "Leave it out.");
    if (!closing.has("time_zone"))
        closing.report
            .error(closing.at(), "missing_member",
                   "a watermark of type " + shown(word(mark.type)) + " lacks the member \"time_zone\"",
                   "Name the time zone that its values are of, such as \"UTC\" or \"Europe/Zurich\": marks are "
                   "compared with the source's clock.");
}

void lint_full_every(const Watermark &mark, Closing &closing)
{
    if (mark.full_every.empty())
        return; // it is not given, or reported
    std::optional<std::int64_t> const length = milliseconds(mark.full_every);
    if (!length)
        closing.report.error(closing.at("full_every"), "invalid_duration",
                             "\"full_every\" is a whole number and a unit, not " + shown(mark.full_every),
                             "Write \"7d\", say; units are ms, s, min, h and d.");
    else if (*length == 0)
        closing.report.error(closing.at("full_every"), "invalid_duration",
                             "\"full_every\" of " + shown(mark.full_every) + " makes every pull whole",
                             "Write \"7d\", say. Pulls that are always whole have \"kind\": \"sql_snapshot\".");
}

void finish_watermark(void *object, Closing &closing)
{
    const Watermark &mark = as<Watermark>(object);
    closing.notes.sees_deletes = closing.has("full_every") || closing.has("deleted_when");
    lint_full_every(mark, closing);
    if (!closing.has("type") || !closing.could_read("type"))
        return;
    if (mark.type == MarkType::xmin)
        return finish_xmin(closing);
    if (!closing.has("column"))
        closing.report.error(closing.at(), "missing_member", "a watermark lacks the member \"column\"",
                             "Name the column of the table or query that has the marks.");
    else if (closing.could_read("column"))
        lint_name(mark.column, closing.at("column"), "a column", longest_identifier, closing.report);
    if (mark.stamped_by == StampedBy::transaction && mark.type != MarkType::timestamptz)
        closing.report.error(closing.at("stamped_by"), "stamped_by_transaction",
                             "only a watermark of type \"timestamptz\" is stamped by transactions, not " +
                                 shown(word(mark.type)),
                             "Leave it out. Marks of other types need an \"overlap\".");
    lint_overlap(mark, closing);
    lint_time_zone(mark, closing);
}

constexpr Shape watermark_shape{"a watermark", watermark_members, finish_watermark};

} // namespace

Slot watermark_slot(Watermark &watermark)
{
    return Object{&watermark, &watermark_shape};
}

} // namespace datasurface::model
