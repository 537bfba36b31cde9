#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "model/json.hpp"
#include "model/text.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t largest_document = std::size_t{256} << 20;

void syntax_error(std::string_view text, std::size_t offset, std::string_view what, Report &report)
{
    std::string_view const before = text.substr(0, std::min(offset, text.size()));
    std::size_t const line_start = before.rfind('\n') + 1; // npos + 1 is 0
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    std::size_t const column = 1 + characters(before.substr(line_start));
    report.error({}, "syntax",
                 "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + std::string(what));
}

// The parser points at the last byte of a token; a person looks for its first.
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
        std::size_t backslashes = 0;
        while (backslashes < start && text[start - 1 - backslashes] == '\\')
            ++backslashes;
        if (text[start] == '"' && backslashes % 2 == 0)
            return start;
    }
    return last;
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

// Where the nesting goes too deep; all text up to there has been parsed, so brackets and quotes are what they seem.
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

// Builds the tree from the parser's events, because the library's own tree keeps no trace of duplicate members and
// has no bound on depth. The member functions are the library's SAX interface; false stops the parser.
class Builder {
public:
    Builder(std::string_view text, Json &root, Report &report) : source(text), root(root), report(report) {}

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(Json::number_integer_t value) { return put(value); }
    bool number_unsigned(Json::number_unsigned_t value) { return put(value); }
    bool number_float(Json::number_float_t value, const std::string &) { return put(value); }
    bool binary(Json::binary_t &) { return false; } // not in text
    bool start_object(std::size_t) { return open_container(Json::object()); }
    bool start_array(std::size_t) { return open_container(Json::array()); }
    bool end_object() { return close_container(); }
    bool end_array() { return close_container(); }

    bool string(std::string &value)
    {
        bool const had_nul = replace_nul(value);
        put(std::move(value));
        if (had_nul)
            report_nul();
        return true;
    }

    bool key(std::string &name)
    {
        bool const had_nul = replace_nul(name);
        Frame &frame = open.back();
        frame.key = std::move(name);
        if (had_nul)
            report_nul();
        if (frame.value->contains(frame.key))
            report.error(here(), "duplicate_member", "member " + shown(frame.key) + " is given twice");
        return true;
    }

    bool parse_error(std::size_t position, const std::string &, const Json::exception &error)
    {
        std::size_t const last = position > 0 ? position - 1 : 0;
        std::string const why = reason(error.what());
        bool const whole_token = why.find("unexpected ") != std::string::npos || why == "number overflow";
        syntax_error(source, whole_token ? token_start(source, last) : last, why, report);
        return false;
    }

private:
    struct Frame {
        Json *value;
        std::string key; // of the member being read
    };

    // PostgreSQL's text cannot hold U+0000; what stands for it keeps the rest of the value readable.
    static bool replace_nul(std::string &value)
    {
        bool found = false;
        for (std::size_t at = value.find('\0'); at != std::string::npos; at = value.find('\0', at)) {
            value.replace(at, 1, "\uFFFD");
            found = true;
        }
        return found;
    }

    void report_nul() { report.error(here(), "nul_character", "\\u0000 cannot be stored by PostgreSQL"); }

    Pointer here() const
    {
        Pointer at;
        for (const Frame &frame : open)
            at = frame.value->is_array() ? at / (frame.value->size() - 1) : at / frame.key;
        return at;
    }

    Json *put(Json &&value)
    {
        if (open.empty())
            return &(root = std::move(value));
        Frame &frame = open.back();
        if (frame.value->is_object())
            return &((*frame.value)[frame.key] = std::move(value));
        frame.value->push_back(std::move(value));
        return &frame.value->back();
    }

    bool open_container(Json &&empty)
    {
        if (open.size() == deepest) {
            syntax_error(source, too_deep_at(source), "more than " + std::to_string(deepest) + " levels deep", report);
            return false;
        }
        open.push_back({put(std::move(empty)), {}});
        return true;
    }

    bool close_container()
    {
        open.pop_back();
        return true;
    }

    std::string_view source;
    Json &root;
    Report &report;
    std::vector<Frame> open;
};

} // namespace

bool read_tree(std::string_view text, Json &tree, Report &report)
{
    if (text.size() > largest_document) {
        report.error({}, "document_too_large",
                     "the document has " + std::to_string(text.size()) + " bytes; " + std::to_string(largest_document) +
                         " are allowed",
                     "Load it in parts, with replace => false.");
        return false;
    }
    if (is_blank(text)) {
        report.error({}, "syntax", "line 1, column 1: the document is empty");
        return false;
    }
    // the parser would take a NUL byte for the end of the text
    if (std::size_t const nul = text.find('\0'); nul != std::string_view::npos) {
        syntax_error(text, nul, "a NUL byte", report);
        return false;
    }
    Builder builder(text, tree, report);
    return Json::sax_parse(text.begin(), text.end(), &builder);
}

} // namespace datasurface::model
