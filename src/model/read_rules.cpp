#include "model/read_rules.hpp"

#include <algorithm>

#include "model/closing.hpp"

namespace datasurface::model {

namespace {

constexpr std::int64_t most_rows = 1'000'000'000'000'000; // a number of JSON is exact up to there
constexpr double most_factor = 1'000'000;
constexpr std::size_t longest_condition = 10'000; // characters

constexpr BlankText no_condition{"empty_condition", "the condition"};
constexpr EmptyList no_reference_columns{Severity::error, "no_columns", "a reference needs at least one column"};
constexpr LongList many_checks{100, "too_many_checks", "a dataset may have 100 checks; here are "};
constexpr LongList many_references{100, "too_many_references", "a dataset may have 100 references; here are "};
constexpr LongList many_columns{32, "too_many_key_columns", "a reference may have 32 columns; here are "};

// ---- brakes ----

Slot action_slot(void *brake)
{
    return word_into<Action::off, Action::warn, Action::hold, Action::fail>(as<Brake>(brake).action);
}

Slot rows_slot(void *brake)
{
    return whole_into(as<Brake>(brake).rows, 0, most_rows);
}

Slot percent_slot(void *brake)
{
    return number_into(as<Brake>(brake).percent, 0, 100);
}

// Of a brake that counts some of the rows: all of them are 100 percent, so it would never trip at that.
Slot part_percent_slot(void *brake)
{
    return number_between(as<Brake>(brake).percent, 0, 100);
}

Slot factor_slot(void *brake)
{
    return number_into(as<Brake>(brake).factor, 1, most_factor);
}

// A threshold that could not be read, or is misspelled, is reported already.
void finish_brake(void *object, Closing &closing)
{
    constexpr std::string_view thresholds[] = {"rows", "percent", "factor"};
    const Brake &brake = as<Brake>(object);
    bool const has_one = std::any_of(std::begin(thresholds), std::end(thresholds), [&](std::string_view threshold) {
        return closing.knows(threshold) && closing.has(threshold);
    });
    if (closing.has("action") && !closing.could_read("action"))
        return;
    if (brake.action == Action::off && has_one)
        closing.report.error(closing.at(), "contradicting_threshold", "the brake is off, and has a threshold",
                             "Leave the threshold out, or say another action.");
    if (brake.action != Action::off && !has_one && !closing.has_unknown())
        closing.report.error(closing.at(), "no_threshold", "the brake has no threshold",
                             "Say when it trips, or write \"off\" instead.");
}

constexpr std::string_view share_example = R"({"rows": 1000, "percent": 30, "action": "warn"})";
constexpr std::string_view count_example = R"({"rows": 100, "action": "warn"})";
constexpr std::string_view factor_example = R"({"factor": 2, "action": "warn"})";

constexpr Member share_members[] = {{"rows", false, rows_slot},
                                    {"percent", false, percent_slot},
                                    {"action", false, action_slot}};
constexpr Member part_members[] = {{"rows", false, rows_slot},
                                   {"percent", false, part_percent_slot},
                                   {"action", false, action_slot}};
constexpr Member count_members[] = {{"rows", false, rows_slot}, {"action", false, action_slot}};
constexpr Member factor_members[] = {{"factor", false, factor_slot}, {"action", false, action_slot}};
constexpr Shape deletes_shape{"the brake \"deletes\"", part_members, finish_brake, share_example};
constexpr Shape changes_shape{"the brake \"changes\"", share_members, finish_brake, share_example};
constexpr Shape empty_shape{"the brake \"empty\"", count_members, finish_brake, count_example};
constexpr Shape rows_shape{"the brake \"rows\"", factor_members, finish_brake, factor_example};
constexpr Shape surplus_shape{"the brake \"surplus\"", part_members, finish_brake, share_example};

// Either the word "off", or thresholds with an action.
template <Brake Brakes::*which, const Shape &shape>
Slot brake_slot(void *brakes)
{
    Brake &brake = as<Brakes>(brakes).*which;
    brake = Brake();
    brake.action = Action::hold;
    brake.is_said = true;
    return WordOrObject{word_into<Action::off>(brake.action), {&brake, &shape}};
}

constexpr Member brakes_members[] = {
    {"deletes", false, brake_slot<&Brakes::deletes, deletes_shape>},
    {"changes", false, brake_slot<&Brakes::changes, changes_shape>},
    {"empty", false, brake_slot<&Brakes::empty, empty_shape>},
    {"rows", false, brake_slot<&Brakes::rows, rows_shape>},
    {"surplus", false, brake_slot<&Brakes::surplus, surplus_shape>},
};
constexpr Shape brakes_shape{"a set of brakes", brakes_members, nullptr};

// ---- checks and references ----

Word severity_into(Action &severity)
{
    return word_into<Action::warn, Action::hold, Action::fail>(severity);
}

Slot column_name_slot(std::string &name)
{
    return name_into(name);
}

List columns_into(std::vector<std::string> &columns)
{
    return list_into<column_name_slot>(columns, no_reference_columns, many_columns);
}

constexpr Member check_members[] = {
    {"name", true, [](void *check) -> Slot { return name_into(as<Check>(check).name); }},
    {"condition", true,
     [](void *check) -> Slot {
         return Text{&as<Check>(check).condition, &no_condition, longest_condition};
     }},
    {"severity", false, [](void *check) -> Slot { return severity_into(as<Check>(check).severity); }},
};
constexpr Shape check_shape{"a check", check_members, nullptr};

Slot check_slot(Check &check)
{
    return Object{&check, &check_shape};
}

constexpr Member reference_members[] = {
    {"name", true, [](void *reference) -> Slot { return name_into(as<Reference>(reference).name); }},
    {"columns", true, [](void *reference) -> Slot { return columns_into(as<Reference>(reference).columns); }},
    {"dataset", true, [](void *reference) -> Slot { return name_into(as<Reference>(reference).dataset); }},
    {"to", false, [](void *reference) -> Slot { return columns_into(as<Reference>(reference).to); }},
    {"severity", false, [](void *reference) -> Slot { return severity_into(as<Reference>(reference).severity); }},
};
constexpr Shape reference_shape{"a reference", reference_members, nullptr};

Slot reference_slot(Reference &reference)
{
    return Object{&reference, &reference_shape};
}

Rules &made(std::shared_ptr<Rules> &rules)
{
    if (!rules)
        rules = std::make_shared<Rules>();
    return *rules;
}

} // namespace

Slot brakes_slot(std::shared_ptr<Rules> &rules)
{
    return Object{&made(rules).brakes, &brakes_shape};
}

Slot when_held_slot(std::shared_ptr<Rules> &rules)
{
    made(rules).says_when_held = true;
    return word_into<WhenHeld::replace, WhenHeld::wait>(rules->when_held);
}

Slot checks_slot(std::shared_ptr<Rules> &rules)
{
    return list_into<check_slot>(made(rules).checks, may_be_empty, many_checks);
}

Slot references_slot(std::shared_ptr<Rules> &rules)
{
    return list_into<reference_slot>(made(rules).references, may_be_empty, many_references);
}

} // namespace datasurface::model
