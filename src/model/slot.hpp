// Private to the model: a slot is the type of value that a place of the document may have, and where the value goes. Tables
// of slots describe the document. The reader stores the values that it reads through them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/report.hpp"

namespace datasurface::model {

inline constexpr std::size_t unbounded = std::string::npos;

// The problem to report for a text without a visible character.
struct BlankText {
    std::string_view code; // empty: it may be blank
    std::string_view what; // "the name"
};

struct EmptyList {
    Severity severity;
    std::string_view code; // empty: it may be empty
    std::string_view message;
};

struct LongList {
    std::size_t most;
    std::string_view code;
    std::string_view message;
};

inline constexpr BlankText may_be_blank{{}, {}};
inline constexpr BlankText no_name{"empty_name", "the name"};
inline constexpr EmptyList may_be_empty{Severity::warning, {}, {}};
inline constexpr LongList may_be_long{unbounded, {}, {}};

struct Shape;
struct ListKind;
struct Notes;

// A value that is not stored. Problems within it are reported.
struct Ignored {};

struct Text {
    std::string *into; // null: it is checked only
    const BlankText *if_blank;
    std::size_t longest; // characters
};

struct Flag {
    bool *into;
};

// A string, number or boolean, which is stored as text.
struct Scalar {
    std::string *into;
    std::size_t longest;              // characters
    bool is_whole_if_no_text = false; // a string or a whole number
};

struct Number {
    void *into; // null: it is checked only
    void (*put)(void *into, double value);
    double least;
    double most;
    bool is_whole;
    bool is_more;         // than the least
    bool is_less = false; // than the most
};

// One of several words. put() gets the position of the word in the document.
struct Word {
    void *into;
    void (*put)(void *into, std::size_t position);
    std::span<const std::string_view> words;
};

struct Object {
    void *into;
    const Shape *shape;
};

// One word, or an object in its place.
struct WordOrObject {
    Word word;
    Object object;
};

// A text, or an object in its place.
struct TextOrObject {
    Text text;
    Object object;
};

struct List {
    void *into;
    const ListKind *kind;
    const EmptyList *if_empty;
    const LongList *if_long;
};

using Slot = std::variant<Ignored, Text, Flag, Scalar, Number, Word, Object, WordOrObject, TextOrObject, List>;

struct ListKind {
    Slot (*append)(void *list);
    void (*clear)(void *list);
    void (*finish)(void *list); // called when the list is complete
};

// A member that an object may have.
struct Member {
    std::string_view name;
    bool required;
    Slot (*slot)(void *object);
    Slot (*in_notes)(Notes &notes) = nullptr; // in place of the above
};

class Closing;

// A member that an object does not have, and that somebody may expect.
struct RefusedMember {
    std::string_view name;
    std::string_view hint;
    std::string_view instead = {}; // the member that is meant: it is not reported as missing
    bool is_beside = false;        // that member is one of the object around this one
};

struct Shape {
    std::string_view what; // "a store", for messages
    std::span<const Member> members;
    void (*finish)(void *object, Closing &closing); // called when all members are read; null: no further check
    std::string_view example = {};                  // for a hint, where a wrong word is in its place
    std::span<const RefusedMember> refused = {};
};

template <typename T>
T &as(void *object)
{
    return *static_cast<T *>(object);
}

inline Text name_into(std::string &into)
{
    return {&into, &no_name, unbounded};
}

// Makes the text.
inline Text rare_name_into(Rare &into)
{
    auto const name = std::make_shared<std::string>();
    into = name;
    return name_into(*name);
}

inline constexpr std::size_t longest_description = 10'000; // characters

inline Text description_into(std::string &into)
{
    return {&into, &may_be_blank, longest_description};
}

// Makes the text.
inline Text rare_description_into(Rare &into)
{
    auto const text = std::make_shared<std::string>();
    into = text;
    return description_into(*text);
}

// Target: an int, or an optional number.
template <typename Target>
Number whole_into(Target &into, std::int64_t least, std::int64_t most)
{
    return {&into,
            [](void *place, double value) { as<Target>(place) = static_cast<std::int64_t>(value); },
            static_cast<double>(least),
            static_cast<double>(most),
            true,
            false};
}

// More than `above`.
inline Number number_into(std::optional<double> &into, double above, double most)
{
    return {&into, [](void *place, double value) { as<std::optional<double>>(place) = value; }, above, most, false,
            true};
}

inline Number number_between(std::optional<double> &into, double above, double below)
{
    Number number = number_into(into, above, below);
    number.is_less = true;
    return number;
}

// Sets `into` to the one of `values` whose word() is in the document.
template <auto... values, typename Enum>
Word word_into(Enum &into)
{
    static constexpr Enum all[] = {values...};
    static constexpr std::string_view words[] = {word(values)...};
    return {&into, [](void *place, std::size_t position) { as<Enum>(place) = all[position]; }, words};
}

// A list. slot(item) gives the slot of an item.
template <auto slot, typename Container>
List list_into(Container &into, const EmptyList &if_empty, const LongList &if_long = may_be_long)
{
    static constexpr ListKind kind{[](void *list) -> Slot { return slot(as<Container>(list).emplace_back()); },
                                   [](void *list) { as<Container>(list).clear(); },
                                   [](void *list) { as<Container>(list).shrink_to_fit(); }};
    return {&into, &kind, &if_empty, &if_long};
}

} // namespace datasurface::model
