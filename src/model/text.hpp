// What the model needs to know of UTF-8 text: how long it is, what in it cannot be seen, and how to show it in a
// message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/interrupts.hpp"

namespace datasurface::model {

std::size_t characters(std::string_view text); // code points

// Nothing but white space and invisible characters, as Unicode has them.
bool is_blank(std::string_view text, CheckInterrupts check_interrupts = never_interrupted);

bool is_utf8(std::string_view text); // as PostgreSQL and JSON want it: shortest forms, no surrogates

// Control characters (C0, DEL and C1) can be neither seen nor typed.
bool has_control_character(std::string_view text);

// For a message: in double quotes, control characters as question marks, cut when long.
std::string shown(std::string_view text);

// The candidate that somebody who wrote `text` most likely meant; empty when none is close.
std::string_view nearest(std::string_view text, const std::vector<std::string_view> &candidates);

} // namespace datasurface::model
