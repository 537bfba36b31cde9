#include "remote/plan_message.hpp"

#include <algorithm>
#include <vector>

namespace datasurface::remote {

namespace {

std::vector<std::string> lines_of(const std::string &text)
{
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < text.size();) {
        std::size_t const end = std::min(text.find('\n', from), text.size());
        if (end > from)
            lines.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return lines;
}

// libpq begins a line with the server that it tried: connection to server at "db1", port 5432 failed: ...
std::string without_server(const std::string &line)
{
    constexpr std::string_view start = "connection to server ", end = " failed: ";
    std::size_t const found = line.find(end);
    return line.starts_with(start) && found != std::string::npos ? line.substr(found + end.size()) : line;
}

std::string without_start(const std::string &line, std::string_view start)
{
    return line.starts_with(start) ? line.substr(start.size()) : line;
}

std::string trimmed(const std::string &line)
{
    std::size_t const from = line.find_first_not_of(" \t");
    return from == std::string::npos ? "" : line.substr(from, line.find_last_not_of(" \t\r") + 1 - from);
}

std::string strike_out(std::string text, const std::string &secret)
{
    if (secret.empty())
        return text;
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
        text.replace(at, secret.size(), "***");
    return text;
}

bool goes_on(const std::string &line)
{
    return line.starts_with('\t') || line.starts_with(' ') || line.starts_with("DETAIL:") || line.starts_with("HINT:");
}

std::string joined(const std::vector<std::string> &parts, const char *separator)
{
    std::string text;
    for (const std::string &part : parts)
        text += (text.empty() ? "" : separator) + part;
    return text;
}

void add_once(std::vector<std::string> &parts, const std::string &part)
{
    if (!part.empty() && std::find(parts.begin(), parts.end(), part) == parts.end())
        parts.push_back(part);
}

} // namespace

Said said_of(const std::string &text, const std::string &secret)
{
    std::vector<std::string> causes, more;
    for (const std::string &line : lines_of(strike_out(text, secret))) {
        if (goes_on(line))
            add_once(more, trimmed(without_start(without_start(line, "DETAIL:"), "HINT:")));
        else
            add_once(causes, trimmed(without_start(without_server(line), "FATAL:")));
    }
    return {causes.empty() ? "no reason is known" : joined(causes, "; "), joined(more, " ")};
}

} // namespace datasurface::remote
