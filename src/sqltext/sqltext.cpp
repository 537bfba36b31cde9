#include "sqltext/sqltext.hpp"

namespace datasurface::sqltext {

namespace {

std::string quoted(std::string_view value, char quote)
{
    std::string text(1, quote);
    for (char const c : value) {
        text += c;
        if (c == quote)
            text += quote;
    }
    text += quote;
    return text;
}

} // namespace

std::string identifier(std::string_view name)
{
    return quoted(name, '"');
}

std::string Qualified::sql() const
{
    return identifier(schema) + "." + identifier(name);
}

std::string literal(std::string_view value)
{
    std::string const text = quoted(value, '\'');
    if (value.find('\\') == std::string_view::npos)
        return text;
    // E'' means the same under both settings of standard_conforming_strings
    std::string escaped = "E";
    for (char const c : text) {
        escaped += c;
        if (c == '\\')
            escaped += '\\';
    }
    return escaped;
}

std::string join(const std::vector<std::string> &parts, std::string_view separator)
{
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0)
            text += separator;
        text += parts[i];
    }
    return text;
}

Value or_null(const std::string &text)
{
    return text.empty() ? Value() : Value(text);
}

std::string array_literal(const std::vector<std::string> &values)
{
    std::string text = "{";
    for (const std::string &value : values) {
        text += text.size() > 1 ? ",\"" : "\"";
        for (char const c : value) {
            if (c == '"' || c == '\\')
                text += '\\';
            text += c;
        }
        text += '"';
    }
    return text + "}";
}

} // namespace datasurface::sqltext
