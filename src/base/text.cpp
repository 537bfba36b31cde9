#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace datasurface {

namespace {

constexpr std::size_t longest_shown = 100;                    // bytes
constexpr std::size_t longest_compared = 64;                  // bytes; time grows with the product of both lengths
constexpr std::size_t between_checks = std::size_t{64} << 10; // characters
constexpr std::size_t most_compared = 5000;                   // candidates; more would take too long for a hint

// Length in bytes of the control character at `at`, 0 when there is none. C1 is C2 80 to C2 9F.
std::size_t control_length(std::string_view text, std::size_t at)
{
    unsigned char const c = static_cast<unsigned char>(text[at]);
    if (c < 0x20 || c == 0x7F)
        return 1;
    if (c != 0xC2 || at + 1 == text.size())
        return 0;
    unsigned char const next = static_cast<unsigned char>(text[at + 1]);
    return next >= 0x80 && next < 0xA0 ? 2 : 0;
}

// Length in bytes of the UTF-8 character at `at`, 0 when the bytes there are not valid.
std::size_t character_length(std::string_view text, std::size_t at)
{
    auto const byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    unsigned const first = byte(0);
    if (first < 0x80)
        return 1;
    std::size_t const length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    unsigned const second = byte(1);
    bool const is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    bool const is_no_character = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
    return is_overlong || is_no_character ? 0 : length;
}

// The code point of the character at `at`. length: its bytes.
unsigned code_point(std::string_view text, std::size_t at, std::size_t length)
{
    unsigned const first = static_cast<unsigned char>(text[at]);
    unsigned code = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    return code;
}

// Unicode's white space, including the categories Zs, Zl and Zp, and characters without width.
bool is_blank_character(unsigned code)
{
    constexpr std::pair<unsigned, unsigned> blanks[] = {
        {0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},
        {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200D}, // from 200B: zero width space, non-joiner and joiner
        {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x2060}, // 2060: word joiner
        {0x3000, 0x3000}, {0xFEFF, 0xFEFF},                   // byte order mark
    };
    return std::any_of(std::begin(blanks), std::end(blanks),
                       [code](const auto &range) { return code >= range.first && code <= range.second; });
}

// The Levenshtein distance, one row at a time.
std::size_t distance(std::string_view left, std::string_view right)
{
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            std::size_t const replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[right.size()];
}

} // namespace

std::string cut(const std::string &text, std::size_t size)
{
    constexpr std::string_view mark = " ... (cut)";
    if (text.size() <= size)
        return text;
    return std::string(whole_characters(text, size - mark.size())).append(mark);
}

std::string counted(std::int64_t count, const std::string &one, const std::string &many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string digits(double number)
{
    char text[32];
    std::to_chars_result result = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed);
    if (result.ec != std::errc())
        result = std::to_chars(text, text + sizeof text, number);
    return {text, result.ptr};
}

std::string in_small_letters(std::string_view text)
{
    std::string small(text);
    for (char &c : small)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return small;
}

bool continues_character(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

std::string_view whole_characters(std::string_view text, std::size_t size)
{
    if (text.size() <= size)
        return text;
    while (size > 0 && continues_character(text[size]))
        --size;
    return text.substr(0, size);
}

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

bool is_blank(std::string_view text, CheckInterrupts check_interrupts)
{
    std::size_t count = 0;
    for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
        if (++count % between_checks == 0)
            check_interrupts();
        length = character_length(text, at);
        if (length == 0 || !is_blank_character(code_point(text, at, length)))
            return false;
    }
    return true;
}

bool is_utf8(std::string_view text)
{
    for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
        length = character_length(text, at);
        if (length == 0)
            return false;
    }
    return true;
}

bool has_control_character(std::string_view text)
{
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (control_length(text, at) > 0)
            return true;
    }
    return false;
}

std::string shown(std::string_view text)
{
    std::size_t const end = whole_characters(text, longest_shown).size();
    std::string result = "\"";
    for (std::size_t at = 0; at < end;) {
        std::size_t const control = control_length(text, at);
        result += control > 0 ? '?' : text[at];
        at += control > 0 ? control : 1;
    }
    return result + (end < text.size() ? "...\"" : "\"");
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view> &candidates)
{
    if (text.size() > longest_compared || candidates.size() > most_compared)
        return {};
    std::string const small = in_small_letters(text);
    std::size_t const close = std::max<std::size_t>(1, text.size() / 3);
    std::size_t best = close + 1;
    std::string_view found;
    for (std::string_view const candidate : candidates) {
        if (candidate.size() > text.size() + close || text.size() > candidate.size() + close)
            continue;
        std::size_t const apart = distance(small, in_small_letters(candidate));
        if (apart < best) {
            best = apart;
            found = candidate;
        }
    }
    return found;
}

} // namespace datasurface
