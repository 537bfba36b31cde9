// Text in UTF-8: its length, its invisible characters, and its form in a message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/interrupts.hpp"

namespace datasurface {

// A text of at most `size` bytes is returned as it is. A longer one is cut at a character and ends in " ... (cut)".
std::string cut(const std::string &text, std::size_t size);

// 1 row, 2 rows
std::string counted(std::int64_t count, const std::string &one, const std::string &many);

// A number that can be read back: 30, 0.1, 1000000; with an exponent only if it would be very long.
std::string digits(double number);

// Changes A to Z only, in every locale.
std::string in_small_letters(std::string_view text);

bool continues_character(char byte); // true for the second and later bytes of a character

// The whole characters that fit into `size` bytes.
std::string_view whole_characters(std::string_view text, std::size_t size);

std::size_t characters(std::string_view text); // code points

// True when the text holds only Unicode white space and invisible characters.
bool is_blank(std::string_view text, CheckInterrupts check_interrupts = never_interrupted);

bool is_utf8(std::string_view text); // as PostgreSQL and JSON require: no overlong forms, no surrogates

// True when there is a control character (C0, DEL or C1). They can be neither seen nor typed.
bool has_control_character(std::string_view text);

// The text for a message: in double quotes, control characters as question marks, cut when long.
std::string shown(std::string_view text);

// The candidate with the smallest edit distance to `text`; empty when none is close.
std::string_view nearest(std::string_view text, const std::vector<std::string_view> &candidates);

} // namespace datasurface
