#include "batch/plan_placeholder.hpp"

#include <cctype>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace datasurface::batch {

namespace {

bool begins_name(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_hexadecimal(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The length of the name that the text begins with; 0 if there is none.
std::size_t name_length(std::string_view text)
{
    if (text.empty() || !begins_name(text.front()))
        return 0;
    std::size_t length = 1;
    while (length < text.size() && (begins_name(text[length]) || is_digit(text[length])))
        ++length;
    return length;
}

bool is_name(std::string_view text)
{
    return !text.empty() && name_length(text) == text.size();
}

bool is_number(std::string_view text)
{
    for (char const c : text)
        if (!is_digit(c))
            return false;
    return !text.empty();
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

// Each % has two hexadecimal digits after it, as in a URL.
bool is_url_encoded(std::string_view text)
{
    for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1))
        if (i + 2 >= text.size() || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2]))
            return false;
    return true;
}

// "US$ 5" and "$5 refund" are none.
bool has_shell_variable(std::string_view text)
{
    for (std::size_t i = 0; i + 1 < text.size(); ++i)
        if (text[i] == '$' && (begins_name(text[i + 1]) || text[i + 1] == '{' || text[i + 1] == '('))
            return true;
    return text.size() > 1 && text.front() == '$' && is_number(text.substr(1));
}

bool has_backticks(std::string_view text)
{
    std::size_t const first = text.find('`');
    return first != std::string_view::npos && text.find('`', first + 1) != std::string_view::npos;
}

// %NAME% of cmd.exe.
bool has_cmd_variable(std::string_view text)
{
    for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
        std::size_t const length = name_length(text.substr(i + 1));
        if (length > 0 && i + 1 + length < text.size() && text[i + 1 + length] == '%')
            return true;
    }
    return false;
}

// %s of printf, %Y of strftime; a letter after it belongs to a word, as in 5%discount.
bool has_format(std::string_view text)
{
    constexpr std::string_view conversions = "sdrifuxYmHMSyjFTpzDB";
    for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
        std::string_view const rest = text.substr(i + 1);
        if (!rest.empty() && contains(conversions, rest.substr(0, 1)) &&
            (rest.size() == 1 || (rest[1] != '_' && name_length(rest) == 1)))
            return true;
    }
    return false;
}

// What stands in braces in a format of Python or C#: {}, {0}, {name}, {name.member}, {name[0]}, {name:%Y}, {name!r}.
// The braces of JSON and of a GUID hold something else.
bool is_field(std::string_view inside)
{
    std::size_t length = name_length(inside);
    while (length < inside.size() && is_digit(inside[length]))
        ++length;
    return length == inside.size() || (length > 0 && contains(".[!:", inside.substr(length, 1)));
}

bool has_field(std::string_view text)
{
    for (std::size_t i = text.find('{'); i != std::string_view::npos; i = text.find('{', i + 1)) {
        std::size_t const end = text.find('}', i);
        if (end != std::string_view::npos && is_field(text.substr(i + 1, end - i - 1)))
            return true;
    }
    return false;
}

// :name of SQL, :'name' of psql, <name> of a manual.
bool is_parameter(std::string_view text)
{
    if (text.size() < 2)
        return false;
    if (text.front() == '<' && text.back() == '>')
        return true;
    if (text.front() != ':')
        return false;
    std::string_view name = text.substr(1);
    if (name.size() > 2 && (name.front() == '\'' || name.front() == '"') && name.back() == name.front())
        name = name.substr(1, name.size() - 2);
    return is_name(name);
}

bool has_template_mark(std::string_view text)
{
    for (std::string_view const mark : {"{{", "{%", "%(", "@{", "#{", "<%"})
        if (contains(text, mark))
            return true;
    return false;
}

bool is_no_value(std::string_view text)
{
    std::string const word = in_small_letters(text);
    for (std::string_view const none :
         {"none", "null", "nil", "undefined", "nan", "nat", "(null)", "\\n", "[object object]"})
        if (word == none)
            return true;
    return false;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
        text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
        text.remove_suffix(1);
    return text;
}

bool is_one_word(std::string_view text)
{
    for (char const c : text)
        if (std::isspace(static_cast<unsigned char>(c)) != 0)
            return false;
    return true;
}

// {{ reason }}, ${REASON:-not given}, $(cat reason): what is opened first is closed last.
bool is_one_bracket(std::string_view text)
{
    for (auto const &[opening, closing] : {std::pair<std::string_view, std::string_view>{"{{", "}}"},
                                           {"{%", "%}"},
                                           {"${", "}"},
                                           {"$(", ")"},
                                           {"#{", "}"},
                                           {"@{", "}"},
                                           {"<%", "%>"}})
        if (text.substr(0, opening.size()) == opening)
            return text.find(closing) + closing.size() == text.size();
    return false;
}

} // namespace

Placeholder find_placeholder(std::string_view given)
{
    std::string_view const text = trimmed(given);
    if (is_no_value(text))
        return Placeholder::no_value;
    if (has_template_mark(text))
        return Placeholder::unrendered;
    if (has_shell_variable(text) || has_backticks(text))
        return Placeholder::shell;
    if (has_field(text) || is_parameter(text))
        return Placeholder::unrendered;
    if (is_url_encoded(text))
        return Placeholder::none;
    if (has_format(text))
        return Placeholder::unrendered;
    return has_cmd_variable(text) ? Placeholder::shell : Placeholder::none;
}

bool is_unrendered(std::string_view given)
{
    std::string_view const text = trimmed(given);
    Placeholder const found = find_placeholder(text);
    bool const is_left = found == Placeholder::unrendered || found == Placeholder::shell;
    return is_left && (is_one_word(text) || is_one_bracket(text));
}

} // namespace datasurface::batch
