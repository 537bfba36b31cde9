// Private to the model: what may stand at a place of the document, and where it goes. Tables of these describe the
// document; the reader fills them in as it meets the values.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/report.hpp"

namespace datasurface::model {

inline constexpr std::size_t unbounded = std::string::npos;

// What a text without a visible character means to the one who reads it.
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

// A value that nobody takes. What is wrong in itself is told all the same.
struct Ignored {};

struct Text {
    std::string *into; // null: it is checked only
    const BlankText *if_blank;
    std::size_t longest; // characters
};

struct Flag {
    bool *into;
};

struct Integer {
    int *into; // null: it is checked only
    int least;
    int most;
};

// One of several words; put() gets the position of the one that stands there.
struct Word {
    void *into;
    void (*put)(void *into, std::size_t position);
    std::span<const std::string_view> words;
};

struct Object {
    void *into;
    const Shape *shape;
};

struct List {
    void *into;
    const ListKind *kind;
    const EmptyList *if_empty;
    const LongList *if_long;
};

using Slot = std::variant<Ignored, Text, Flag, Integer, Word, Object, List>;

struct ListKind {
    Slot (*append)(void *list);
    void (*clear)(void *list);
    void (*finish)(void *list); // the list is whole
};

// A member that an object may have.
struct Member {
    std::string_view name;
    bool required;
    Slot (*slot)(void *object);
};

class Closing;

struct Shape {
    std::string_view what; // "a store", for messages
    std::span<const Member> members;
    void (*finish)(void *object, Closing &closing); // null: nothing is left to say once all members are read
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

inline constexpr std::size_t longest_description = 10'000; // characters

inline Text description_into(std::string &into)
{
    return {&into, &may_be_blank, longest_description};
}

// Gives `into` one of `values`, whose word() stands there.
template <auto... values, typename Enum>
Word word_into(Enum &into)
{
    static constexpr Enum all[] = {values...};
    static constexpr std::string_view words[] = {word(values)...};
    return {&into, [](void *place, std::size_t position) { as<Enum>(place) = all[position]; }, words};
}

// A list whose items go where slot(item) says.
template <auto slot, typename Container>
List list_into(Container &into, const EmptyList &if_empty, const LongList &if_long = may_be_long)
{
    static constexpr ListKind kind{[](void *list) -> Slot { return slot(as<Container>(list).emplace_back()); },
                                   [](void *list) { as<Container>(list).clear(); },
                                   [](void *list) { as<Container>(list).shrink_to_fit(); }};
    return {&into, &kind, &if_empty, &if_long};
}

} // namespace datasurface::model
