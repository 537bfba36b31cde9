// One JSON object being read: every read says what is wrong with its member and answers something usable anyway.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/json.hpp"

namespace datasurface::model {

// What an empty list means to the one who reads it.
struct EmptyList {
    Severity severity;
    std::string_view code;
    std::string_view message;
};

inline constexpr EmptyList may_be_empty{Severity::warning, {}, {}};

inline constexpr std::size_t unbounded = std::string::npos; // for names: lint counts their bytes

// One string, not blank, of at most `longest` characters.
std::string read_text(const Json &value, const Pointer &at, std::string_view code_if_blank, std::size_t longest,
                      Report &report);

class Object {
public:
    // what: the kind of thing, for messages. members: all that may stand here; others are reported at once.
    Object(const Json &value, Pointer at, std::string_view what, std::initializer_list<std::string_view> members,
           Report &report);

    bool has(std::string_view member) const;
    Pointer at(std::string_view member) const { return place / member; }

    std::string name(std::string_view member = "name");                         // required, not blank
    std::string name_or(std::string_view member, const std::string &otherwise); // not blank if given
    std::string text(std::string_view member, std::string_view code_if_blank, std::size_t longest); // required
    std::string text_or_none(std::string_view member);
    std::string description(bool wanted); // where it is wanted, a missing one is warned of
    bool flag(std::string_view member, bool otherwise);
    int integer(std::string_view member, int otherwise, int least, int most);

    // The enumeration value whose word() stands there.
    template <typename Enum>
    std::optional<Enum> one_of_if_known(std::string_view member, std::initializer_list<Enum> values)
    {
        std::vector<std::string_view> words;
        for (Enum const value : values)
            words.push_back(word(value));
        std::size_t const index = choice(member, words);
        return index < words.size() ? std::optional(*(values.begin() + index)) : std::nullopt;
    }

    template <typename Enum>
    Enum one_of(std::string_view member, Enum otherwise, std::initializer_list<Enum> values)
    {
        return one_of_if_known(member, values).value_or(otherwise);
    }

    // A required list of what read(item, its pointer, report) answers; every item keeps its position.
    template <typename Read>
    auto list(std::string_view member, const EmptyList &if_empty, Read read)
    {
        using Item = decltype(read(std::declval<const Json &>(), place, report));
        std::vector<Item> result;
        for (const Json *item : required_items(member, if_empty)) {
            if (report.full())
                break; // a hostile document: what is read from here on would only be thrown away
            result.push_back(read(*item, at(member) / result.size(), report));
        }
        return result;
    }

    // The same for a list that may be left out.
    template <typename Read>
    auto list_or_none(std::string_view member, const EmptyList &if_empty, Read read)
    {
        return has(member) ? list(member, if_empty, read) : decltype(list(member, if_empty, read)){};
    }

    // The same where leaving the list out does not mean an empty one.
    template <typename Read>
    auto list_if_given(std::string_view member, const EmptyList &if_empty, Read read)
    {
        return has(member) ? std::optional(list(member, if_empty, read)) : std::nullopt;
    }

    // The member, or null after reporting that it is missing.
    const Json *required(std::string_view member);

    // Reports a member that another member rules out.
    void refuse(std::string_view member, std::string_view code, std::string message, std::string hint);

private:
    const Json *find(std::string_view member) const;
    void report_unknown(const std::vector<std::string_view> &known);
    std::vector<const Json *> required_items(std::string_view member, const EmptyList &if_empty);
    std::size_t choice(std::string_view member, const std::vector<std::string_view> &words); // past the end: none

    const Json &value;
    Pointer place;
    std::string_view what;
    Report &report;
};

} // namespace datasurface::model
