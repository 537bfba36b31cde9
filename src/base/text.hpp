// Text in UTF-8: how long it is, what in it cannot be seen, and how a message shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/interrupts.hpp"

namespace datasurface {

// Text of at most `size` bytes as it is; of a longer one what fits, in whole characters, and a mark that says so.
std::string cut(const std::string &text, std::size_t size);

// 1 row, 2 rows
std::string counted(std::int64_t count, const std::string &one, const std::string &many);

// A to Z only, whatever the locale.
std::string in_small_letters(std::string_view text);

bool continues_character(char byte); // is it the second or a later byte of a character?

// The whole characters that fit into `size` bytes.
std::string_view whole_characters(std::string_view text, std::size_t size);

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

} // namespace datasurface
