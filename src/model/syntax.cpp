#include <algorithm>
#include <cctype>
#include <string>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "model/condensed.hpp"
#include "model/dialect.hpp"
#include "model/parser_words.hpp"
#include "model/reader.hpp"
#include "model/syntax.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t largest_document = std::size_t{256} << 20;
constexpr std::size_t of_a_value = 16; // bytes that each value counts as work, in addition to its text

// Replaces the problems found so far: the text may mean something else once the syntax error is corrected.
void syntax_error(std::string_view text, std::size_t offset, std::string_view what, std::string_view hint,
                  Report &report)
{
    std::string_view const before = text.substr(0, std::min(offset, text.size()));
    std::size_t const line_start = before.rfind('\n') + 1; // npos + 1 is 0
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    std::size_t const column = 1 + characters(before.substr(line_start));
    report = Report();
    report.error({}, "syntax",
                 "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + std::string(what),
                 std::string(hint));
}

// The parser gives the last byte of a token. A message names its first.
std::size_t token_start(std::string_view text, std::size_t last)
{
    if (last >= text.size())
        return text.size();
    auto const is_word = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '+' || c == '.';
    };
    std::size_t start = last;
    if (text[last] != '"') {
        while (start > 0 && is_word(text[start]) && is_word(text[start - 1]))
            --start;
        return start;
    }
    while (start > 0) {
        --start;
        if (text[start] != '"')
            continue;
        // backslashes are counted once per quote
        std::size_t backslashes = 0;
        while (backslashes < start && text[start - 1 - backslashes] == '\\')
            ++backslashes;
        if (backslashes % 2 == 0)
            return start;
    }
    return last;
}

// For an unknown word, the parser gives the first letter that cannot follow. A message names the first letter of the word.
std::size_t word_start(std::string_view text, std::size_t last)
{
    std::size_t start = std::min(last, text.size());
    while (start > 0 && std::isalpha(static_cast<unsigned char>(text[start - 1])) != 0)
        --start;
    return start;
}

// Without "[json.exception...] parse error at line 1, column 2: ", which counts bytes, and without the text last read,
// which may be long and need not be UTF-8.
std::string reason(std::string_view what)
{
    std::size_t const column = what.find("column ");
    std::size_t const prefix = what.find(": ", column == std::string_view::npos ? 0 : column);
    if (prefix != std::string_view::npos)
        what.remove_prefix(prefix + 2);
    if (what.substr(0, 1) == "[")
        what.remove_prefix(std::min(what.size(), what.find("] ") + 2));
    for (std::string_view const cut : {"; last read: '", " parsing '"})
        what = what.substr(0, what.find(cut));
    return std::string(what);
}

// The place where the nesting exceeds the limit. All text up to there is valid JSON, so counting brackets and quotes suffices.
std::size_t too_deep_at(std::string_view text)
{
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char const c = text[at];
        if (in_string) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '"')
            in_string = true;
        else if (c == '}' || c == ']')
            --depth;
        else if ((c == '{' || c == '[') && ++depth > deepest)
            return at;
    }
    return text.size();
}

// Passes the library's SAX events to the reader; false stops the parser. The library's tree is not built: it takes 25 times
// the memory of the document, and freeing it allocates memory.
class Events {
public:
    using Json = nlohmann::json;

    Events(std::string_view text, const Slot &root, Report &report, CheckInterrupts check_interrupts)
        : source(text), condensed(text, check_interrupts), reader(root, report), report(report)
    {
    }

    bool parse() { return Json::sax_parse(CondensedIterator(condensed), CondensedIterator(), this); }

    bool null() { return reader.null(), go_on(); }
    bool boolean(bool value) { return reader.boolean(value), go_on(); }
    bool number_integer(Json::number_integer_t value) { return whole(value); }
    bool number_unsigned(Json::number_unsigned_t value) { return whole(value); }
    bool number_float(Json::number_float_t value, const std::string &digits)
    {
        return reader.number(value, digits), go_on();
    }
    bool string(std::string &value) { return reader.text(value), go_on(); }
    bool key(std::string &name) { return reader.key(name), go_on(); }
    bool binary(Json::binary_t &) { return false; } // does not occur in JSON text
    bool start_object(std::size_t) { return reader.open_object() ? go_on() : too_deep(); }
    bool start_array(std::size_t) { return reader.open_list() ? go_on() : too_deep(); }
    bool end_object() { return reader.close(), true; }
    bool end_array() { return reader.close(), true; }

    bool parse_error(std::size_t position, const std::string &, const Json::exception &error)
    {
        std::size_t const last = position > 0 ? condensed.place_of(position - 1) : 0;
        std::string const why = reason(error.what());
        bool const whole_token = why.find("unexpected ") != std::string::npos || why == "number overflow";
        // "--" and "- " are read as numbers
        bool const is_dash = last > 0 && last < source.size() && source[last - 1] == '-' && !whole_token;
        std::size_t const at = whole_token                        ? token_start(source, last)
                               : why.ends_with("invalid literal") ? word_start(source, last)
                               : is_dash                          ? last - 1
                                                                  : std::min(last, source.size());
        Dialect const dialect = dialect_of(source, at);
        if (!dialect.message.empty()) {
            syntax_error(source, at, dialect.message, dialect.hint, report);
            return false;
        }
        Said const said = in_plain_words(why, source.substr(at));
        syntax_error(source, at, said.message, said.hint, report);
        return false;
    }

private:
    template <typename Integer>
    bool whole(Integer value)
    {
        return reader.number(static_cast<double>(value), std::to_string(value)), go_on();
    }

    bool go_on()
    {
        condensed.count(of_a_value);
        return true;
    }

    bool too_deep()
    {
        syntax_error(source, too_deep_at(source), "more than " + std::to_string(deepest) + " levels deep",
                     "A model needs 8.", report);
        return false;
    }

    std::string_view source;
    Condensed condensed;
    Reader reader;
    Report &report;
};

} // namespace

bool read_json(std::string_view text, const Slot &root, Report &report, CheckInterrupts check_interrupts)
{
    if (text.size() > largest_document) {
        report.error({}, "document_too_large",
                     "the document has " + std::to_string(text.size()) + " bytes; " + std::to_string(largest_document) +
                         " are allowed",
                     "Load it in parts, with replace => false.");
        return false;
    }
    if (is_blank(text, check_interrupts)) {
        syntax_error(text, 0, "the document is empty", what_a_model_is, report);
        return false;
    }
    // the parser takes a NUL byte for the end of the text
    if (std::size_t const nul = text.find('\0'); nul != std::string_view::npos) {
        syntax_error(text, nul, "a NUL byte", "JSON is text; pass it as such.", report);
        return false;
    }
    return Events(text, root, report, check_interrupts).parse();
}

} // namespace datasurface::model
