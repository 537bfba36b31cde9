// Private to the model: what messages say of the value that a slot wants.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/slot.hpp"

namespace datasurface::model {

struct Expected {
    std::string what;
    std::string how;        // to write it
    std::string_view found; // the type of value that the advice is for; empty: any
};

Expected expected_value(const Slot &slot);

// from 1 to 3; the bounds of every number are whole
std::string range_of(const Number &number);

// "a", "b" or "c"
std::string quoted(std::span<const std::string_view> words);

// a, b, c
std::string listed(const std::vector<std::string_view> &words);

} // namespace datasurface::model
