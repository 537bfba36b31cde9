#include "model/table_name.hpp"

namespace datasurface::model {

namespace {

// Takes one part from the text, which begins with it. False: there is none.
bool take_part(std::string_view &text, std::string &part)
{
    if (!text.starts_with('"')) {
        part = text.substr(0, text.find('.'));
        text.remove_prefix(part.size());
        return !part.empty() && part.find('"') == std::string::npos;
    }
    text.remove_prefix(1);
    while (!text.empty()) {
        if (text.starts_with("\"\"")) {
            part += '"';
            text.remove_prefix(2);
        } else if (text.starts_with('"')) {
            text.remove_prefix(1);
            return !part.empty();
        } else {
            part += text.front();
            text.remove_prefix(1);
        }
    }
    return false; // the quote is not closed
}

std::string written(const std::string &part)
{
    if (part.find_first_of(".\"") == std::string::npos)
        return part;
    std::string quoted = "\"";
    for (char const c : part)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

} // namespace

std::optional<TableName> table_name(std::string_view text)
{
    TableName table;
    if (!take_part(text, table.schema) || !text.starts_with('.'))
        return std::nullopt;
    text.remove_prefix(1);
    if (!take_part(text, table.name) || !text.empty())
        return std::nullopt;
    return table;
}

std::string text_of(const TableName &table)
{
    return written(table.schema) + "." + written(table.name);
}

} // namespace datasurface::model
