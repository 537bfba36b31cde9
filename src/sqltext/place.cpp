#include "sqltext/place.hpp"

#include "base/text.hpp"

namespace datasurface::sqltext {

namespace {

constexpr std::size_t longest_piece = 40; // bytes

std::size_t next_character(std::string_view text, std::size_t at)
{
    do
        ++at;
    while (at < text.size() && continues_character(text[at]));
    return at;
}

// A word ends before white space and punctuation. A quoted word ends after its closing quote.
std::size_t end_of_word(std::string_view text)
{
    bool const quoted = text.front() == '"' || text.front() == '\'';
    if (quoted) {
        std::size_t const quote = text.find(text.front(), 1);
        return quote == std::string_view::npos ? text.size() : quote + 1;
    }
    std::size_t const end = text.find_first_of(" \t\r\n,;()", 1);
    return end == std::string_view::npos ? text.size() : end;
}

std::string word_at(std::string_view text)
{
    if (text.empty())
        return {};
    std::size_t const end = end_of_word(text);
    if (end <= longest_piece)
        return std::string(text.substr(0, end));
    return std::string(whole_characters(text, longest_piece)) + "...";
}

} // namespace

Place place_of(std::string_view text, int position)
{
    Place place;
    std::size_t at = 0;
    for (int i = 1; i < position && at < text.size(); ++i) {
        bool const line_ends = text[at] == '\n';
        place.line += line_ends ? 1 : 0;
        place.column = line_ends ? 1 : place.column + 1;
        at = next_character(text, at);
    }
    place.piece = word_at(text.substr(at));
    return place;
}

std::string in_words(const Place &place)
{
    std::string const where = "line " + std::to_string(place.line) + ", column " + std::to_string(place.column);
    return place.piece.empty() ? where + ", at its end" : where + ", at \"" + place.piece + "\"";
}

} // namespace datasurface::sqltext
