#include "model/object.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "model/text.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t longest_description = 10'000; // characters

std::string listed(const std::vector<std::string_view> &words)
{
    std::string text;
    for (std::string_view const one : words) {
        text += text.empty() ? "" : ", ";
        text += one;
    }
    return text;
}

std::string_view kind_of(const Json &value)
{
    switch (value.type()) {
    case Json::value_t::null:
        return "null";
    case Json::value_t::boolean:
        return "a boolean";
    case Json::value_t::string:
        return "a string";
    case Json::value_t::array:
        return "a list";
    case Json::value_t::object:
        return "an object";
    default:
        return "a number";
    }
}

// JSON knows no integers: 90.0 is 90.
std::optional<double> whole_number(const Json &value)
{
    if (!value.is_number())
        return std::nullopt;
    double const number = value.get<double>();
    return std::trunc(number) == number ? std::optional(number) : std::nullopt;
}

void report_wrong_type(const Json &value, const Pointer &at, std::string_view wanted, Report &report)
{
    report.error(at, "wrong_type", "expected " + std::string(wanted) + ", found " + std::string(kind_of(value)),
                 value.is_null() ? "What is not known is left out." : "");
}

} // namespace

std::string read_text(const Json &value, const Pointer &at, std::string_view code_if_blank, std::size_t longest,
                      Report &report)
{
    if (!value.is_string()) {
        report_wrong_type(value, at, "a string", report);
        return {};
    }
    const std::string &found = value.get_ref<const std::string &>();
    if (is_blank(found)) {
        report.error(at, code_if_blank, "a blank string");
        return {};
    }
    if (std::size_t const length = characters(found); length > longest) {
        report.error(at, "text_too_long",
                     std::to_string(length) + " characters; " + std::to_string(longest) + " are allowed");
    }
    return found;
}

Object::Object(const Json &value, Pointer at, std::string_view what, std::initializer_list<std::string_view> members,
               Report &report)
    : value(value), place(std::move(at)), what(what), report(report)
{
    if (value.is_object())
        report_unknown(members);
    else
        report_wrong_type(value, place, "an object (" + std::string(what) + ")", report);
}

void Object::report_unknown(const std::vector<std::string_view> &known)
{
    for (const auto &[name, unused] : value.items()) {
        if (std::find(known.begin(), known.end(), name) != known.end())
            continue;
        std::string const hint = report.perhaps(name, known);
        report.error(at(name), "unknown_member", std::string(what) + " has no member " + shown(name),
                     hint.empty() ? "Known members: " + listed(known) + "." : hint);
    }
}

const Json *Object::find(std::string_view member) const
{
    if (!value.is_object())
        return nullptr;
    auto const found = value.find(member);
    return found == value.end() ? nullptr : &*found;
}

bool Object::has(std::string_view member) const
{
    return find(member) != nullptr;
}

const Json *Object::required(std::string_view member)
{
    const Json *found = find(member);
    if (found == nullptr && value.is_object())
        report.error(place, "missing_member", std::string(what) + " lacks the member " + shown(member));
    return found;
}

void Object::refuse(std::string_view member, std::string_view code, std::string message, std::string hint)
{
    if (has(member))
        report.error(at(member), code, std::move(message), std::move(hint));
}

std::string Object::name(std::string_view member)
{
    return text(member, "empty_name", unbounded);
}

std::string Object::name_or(std::string_view member, const std::string &otherwise)
{
    const Json *found = find(member);
    return found == nullptr ? otherwise : read_text(*found, at(member), "empty_name", unbounded, report);
}

std::string Object::text(std::string_view member, std::string_view code_if_blank, std::size_t longest)
{
    const Json *found = required(member);
    return found == nullptr ? std::string() : read_text(*found, at(member), code_if_blank, longest, report);
}

std::string Object::text_or_none(std::string_view member)
{
    const Json *found = find(member);
    if (found == nullptr)
        return {};
    if (!found->is_string()) {
        report_wrong_type(*found, at(member), "a string", report);
        return {};
    }
    return found->get<std::string>();
}

std::string Object::description(bool wanted)
{
    if (!value.is_object())
        return {};
    std::string const text = text_or_none("description");
    if (characters(text) > longest_description) {
        report.error(at("description"), "text_too_long",
                     "the description has " + std::to_string(characters(text)) + " characters; " +
                         std::to_string(longest_description) + " are allowed");
    }
    bool const given = has("description");
    if (wanted && is_blank(text) && (!given || find("description")->is_string())) {
        report.warning(given ? at("description") : place, "no_description", std::string(what) + " has no description",
                       "Say what it is, for the people who will find it in the database.");
    }
    return text;
}

bool Object::flag(std::string_view member, bool otherwise)
{
    const Json *found = find(member);
    if (found == nullptr)
        return otherwise;
    if (found->is_boolean())
        return found->get<bool>();
    report_wrong_type(*found, at(member), "true or false", report);
    return otherwise;
}

int Object::integer(std::string_view member, int otherwise, int least, int most)
{
    const Json *found = find(member);
    if (found == nullptr)
        return otherwise;
    std::optional<double> const number = whole_number(*found);
    if (!number) {
        report_wrong_type(*found, at(member), "a whole number", report);
        return otherwise;
    }
    if (*number >= least && *number <= most)
        return static_cast<int>(*number);
    std::string const range = "from " + std::to_string(least) + " to " + std::to_string(most);
    report.error(at(member), "out_of_range",
                 shown(member) + " must be " + (least == most ? std::to_string(least) : range));
    return otherwise;
}

std::size_t Object::choice(std::string_view member, const std::vector<std::string_view> &words)
{
    const Json *found = find(member);
    if (found == nullptr)
        return words.size();
    if (!found->is_string()) {
        report_wrong_type(*found, at(member), "a string", report);
        return words.size();
    }
    const std::string &text = found->get_ref<const std::string &>();
    auto const position = std::find(words.begin(), words.end(), text);
    if (position == words.end())
        report.error(at(member), "unknown_word", shown(text) + " is not a word for " + shown(member),
                     "One of: " + listed(words) + ".");
    return static_cast<std::size_t>(position - words.begin());
}

std::vector<const Json *> Object::required_items(std::string_view member, const EmptyList &if_empty)
{
    const Json *found = required(member);
    if (found == nullptr)
        return {};
    if (!found->is_array()) {
        report_wrong_type(*found, at(member), "a list", report);
        return {};
    }
    if (found->empty() && if_empty.severity == Severity::error)
        report.error(at(member), if_empty.code, std::string(if_empty.message));
    else if (found->empty() && !if_empty.code.empty())
        report.warning(at(member), if_empty.code, std::string(if_empty.message));
    std::vector<const Json *> items;
    for (const Json &item : *found)
        items.push_back(&item);
    return items;
}

} // namespace datasurface::model
