#include "model/parser_words.hpp"

#include <cctype>

namespace datasurface::model {

namespace {

struct Phrase {
    std::string_view part; // of the library's message
    std::string_view message;
    std::string_view hint;
};

constexpr Phrase phrases[] = {
    {"U+000A", "a line break within a text", "Write a line break as \\n."},
    {"U+0009", "a tab within a text", "Write a tab as \\t."},
    {"control character", "a control character within a text",
     "Remove it, or write it as \\u and four hexadecimal digits."},
    {"missing closing quote", "the document ends within a text", "The double quote that ends the text is missing."},
    {"surrogate", "a \\u escape that is only half of a character",
     "Write the character itself, or both halves, such as \\uD83D\\uDE00."},
    {"hex digits", "\\u without four hexadecimal digits", "Write \\u00E9, say; a backslash itself is written \\\\."},
    {"after backslash", "a backslash that begins no escape of JSON", "Write a backslash itself as \\\\."},
    {"ill-formed UTF-8", "a byte that is not UTF-8", "Write the document in UTF-8."},
    {"invalid BOM", "a byte order mark that is cut short", "Remove it."},
    {"invalid number", "a number that is not complete", "A digit must follow."},
    {"number overflow", "the number is too large", "No number of a model is that large."},
    {"; expected end of input", "the document is complete before this", "Pass one document at a time."},
};

std::string found(std::string_view token)
{
    if (token == "end of input")
        return "the document ends";
    if (token == "number literal")
        return "a number stands";
    if (token == "string literal")
        return "a text stands";
    return std::string(token.substr(0, token.find(" literal"))) + " stands"; // "true literal", "'}'"
}

std::string_view wanted(std::string_view token)
{
    if (token == "string literal")
        return "the name of a member";
    if (token == "':'")
        return "a colon";
    if (token == "'}'")
        return "a comma or '}'";
    if (token == "']'")
        return "a comma or ']'";
    return "a value"; // "'[', '{', or a literal"
}

std::string hint_for(std::string_view unexpected, std::string_view expected)
{
    if (unexpected == "end of input")
        return "Something is not closed, or the end of the document is missing.";
    bool const closes = unexpected == "'}'" || unexpected == "']'";
    if (expected == "string literal" && closes)
        return "The bracket that is open here is closed by '}'.";
    if (expected == "string literal")
        return "The name of a member stands in double quotes.";
    if (expected == "':'")
        return "A colon stands between the name of a member and its value.";
    if (expected == "'}'" || expected == "']'")
        return closes ? "The bracket that is open here is closed by " + std::string(expected) + "."
                      : "A comma may be missing before this.";
    return closes ? "A value is missing before this, or the bracket is of the wrong kind."
                  : "A value is missing before this, or this is too many.";
}

bool is_digit(std::string_view text, std::size_t at)
{
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
}

bool begins_with_zero(std::string_view number)
{
    std::size_t const first = number.starts_with('-') ? 1 : 0;
    return number.substr(first).starts_with('0') && is_digit(number, first + 1);
}

// "... unexpected A; expected B"
Said misplaced(std::string_view reason, std::string_view rest)
{
    constexpr std::string_view unexpected = "unexpected ", expected = "; expected ";
    std::size_t const what = reason.find(unexpected);
    std::size_t const instead = reason.find(expected);
    if (what == std::string_view::npos || instead == std::string_view::npos || instead < what)
        return {"this is not JSON",
                "Look for a comma, colon, bracket or quote that is missing or too many here or just before."};
    if (begins_with_zero(rest))
        return {"a number begins with a zero", "Write it without that zero."};
    std::size_t const from = what + unexpected.size();
    std::string_view const token = reason.substr(from, instead - from);
    std::string_view const other = reason.substr(instead + expected.size());
    return {found(token) + " where " + std::string(wanted(other)) + " is expected", hint_for(token, other)};
}

} // namespace

Said in_plain_words(std::string_view reason, std::string_view rest)
{
    for (const Phrase &phrase : phrases)
        if (reason.find(phrase.part) != std::string_view::npos)
            return {std::string(phrase.message), std::string(phrase.hint)};
    if (reason.find("invalid literal") == std::string_view::npos)
        return misplaced(reason, rest);
    if (reason.find("object separator") != std::string_view::npos)
        return {"a colon is missing", "A colon stands between the name of a member and its value."};
    if (!rest.empty() && std::isalpha(static_cast<unsigned char>(rest.front())) != 0)
        return {"a word without quotes", "Names and texts stand in double quotes."};
    return {"a character that has no meaning here",
            "Remove it, or put the text that it is part of into double quotes."};
}

} // namespace datasurface::model
