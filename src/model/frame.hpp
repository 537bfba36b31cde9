// Private to the model: an object or list that is open while the document is read, and the members that it has so far.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "model/slot.hpp"

namespace datasurface::model {

// An object or list that is open.
struct Frame {
    Slot slot; // an Object, a List, or Ignored
    bool is_list;
    std::size_t count = 0;                          // items of a list so far
    std::string key = {};                           // of the current member
    Slot next = Ignored();                          // where the current member's value goes
    std::uint32_t member = 0;                       // bit of the current member; 0: unknown
    bool is_guess = false;                          // the current member was misspelled
    std::uint32_t given = 0;                        // members that are given, by position in the object's shape
    std::uint32_t guessed = 0;                      // members that a misspelled one stands for
    std::uint32_t taken = 0;                        // members whose value could be read
    std::set<std::string, std::less<>> others = {}; // names of unknown members
};

// The bit of the member at that position of a shape.
constexpr std::uint32_t bit_of(std::size_t position)
{
    return std::uint32_t{1} << position;
}

// The position of the member of that name.
std::optional<std::size_t> find_member(const Shape &shape, std::string_view name);

} // namespace datasurface::model
