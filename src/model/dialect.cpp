#include "model/dialect.hpp"

#include <algorithm>
#include <cctype>

namespace datasurface::model {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t longest_file_name = 4096;

std::string_view trimmed(std::string_view text)
{
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    std::size_t const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_file_name(std::string_view text)
{
    if (text.size() > longest_file_name || text.find_first_of("\n{[\"':,") != std::string_view::npos)
        return false;
    if (text.starts_with("//") || text.starts_with("/*"))
        return false; // a comment
    return text.find('/') != std::string_view::npos || text.find('\\') != std::string_view::npos ||
           text.ends_with(".json");
}

// True for a line of YAML: a comment, a document mark, a list item, or a word with a colon.
bool is_yaml(std::string_view text)
{
    if (text.starts_with("---") || text.starts_with("- ") || text.starts_with("%YAML"))
        return true;
    while (text.starts_with("#")) {
        std::size_t const end = text.find('\n');
        text = end == std::string_view::npos ? std::string_view() : trimmed(text.substr(end));
    }
    auto const is_of_a_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    auto const end = std::find_if_not(text.begin(), text.end(), is_of_a_name);
    return end != text.begin() && end != text.end() && *end == ':';
}

// The text is not JSON from its first character on.
Dialect dialect_of_document(std::string_view text)
{
    if (is_file_name(text))
        return {"the document is not JSON; it looks like the name of a file",
                "Pass what the file holds. In psql: \\set model `cat file.json`, then :'model' as the argument."};
    if (is_yaml(text))
        return {"the document is not JSON; it looks like YAML", "Convert it to JSON."};
    return {};
}

bool is_trailing_comma(std::string_view before, std::string_view rest)
{
    std::size_t const last = before.find_last_not_of(blanks);
    return (rest.starts_with("]") || rest.starts_with("}")) && last != std::string_view::npos && before[last] == ',';
}

bool begins_with_one_of(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.starts_with(word); });
}

// Characters that other languages allow and JSON does not.
Dialect dialect_of_character(std::string_view rest)
{
    if (begins_with_one_of(rest, {"//", "/*", "#", "--"}))
        return {"JSON has no comments", "Remove it. A \"description\" can say the same."};
    if (begins_with_one_of(rest, {"'", "`"}))
        return {"JSON has no single quotes", "Put names and texts into double quotes."};
    if (begins_with_one_of(rest, {"\u201C", "\u201D", "\u201E", "\u2018", "\u2019", "\u00AB"}))
        return {"JSON has no typographic quotes", "Put names and texts into plain double quotes: \"."};
    if (begins_with_one_of(rest, {byte_order_mark}))
        return {"a byte order mark within the document", "Remove it; only the first character may be one."};
    if (begins_with_one_of(rest, {"\u00A0", "\u2007", "\u202F"}))
        return {"a space character that JSON does not allow", "Use an ordinary space."};
    return {};
}

} // namespace

Dialect dialect_of(std::string_view text, std::size_t offset)
{
    std::string_view const before = text.substr(0, std::min(offset, text.size()));
    std::string_view const rest = text.substr(before.size());
    bool const from_the_first = trimmed(before).empty();
    Dialect const whole = from_the_first ? dialect_of_document(trimmed(text)) : Dialect();
    if (!whole.message.empty())
        return whole;
    Dialect const character = dialect_of_character(rest);
    if (!character.message.empty())
        return character;
    if (is_trailing_comma(before, rest))
        return {"a comma before a closing bracket", "Remove the comma behind the last entry."};
    if (begins_with_one_of(rest, {"True", "False", "None", "TRUE", "FALSE", "NULL", "nil", "undefined", "NaN"}))
        return {"JSON does not know this word", "Its words are true, false and null, in small letters."};
    if (from_the_first && !rest.empty() && !begins_with_one_of(rest, {"{", "[", "\""}))
        return {"the document is not JSON", what_a_model_is};
    return {};
}

} // namespace datasurface::model
