#include "remote/errors.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <libpq-fe.h>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "pg/boundary.hpp"
#include "remote/message_raising.hpp"

namespace datasurface::remote {

namespace {

constexpr std::size_t longest = 2000; // bytes of a text

std::string utf8(const char *text)
{
    if (text == nullptr)
        return {};
    return cut(pg::call([&] { return message_to_utf8(text); }), longest);
}

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

std::string trimmed(const std::string &line)
{
    std::size_t const from = line.find_first_not_of(" \t");
    return from == std::string::npos ? "" : line.substr(from);
}

std::string strike_out(std::string text, const std::string &secret)
{
    if (secret.empty())
        return text;
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
        text.replace(at, secret.size(), "***");
    return text;
}

// The lines say the same when it was tried with SSL and without.
std::string words_of(const pg_conn *connection, const std::string &password)
{
    std::string text;
    std::vector<std::string> said;
    for (const std::string &line : lines_of(utf8(PQerrorMessage(connection)))) {
        std::string const words = strike_out(trimmed(without_server(line)), password);
        if (std::find(said.begin(), said.end(), words) != said.end())
            continue;
        said.push_back(words);
        text += (text.empty() ? "" : " ") + words;
    }
    return text.empty() ? "no reason is known" : text;
}

bool begins(const char *sqlstate, const char *with)
{
    return std::strncmp(sqlstate, with, std::strlen(with)) == 0;
}

// An SQLSTATE of an error that a server of PostgreSQL may raise, and none of ours.
bool is_sound(const char *sqlstate)
{
    constexpr const char *characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return std::strlen(sqlstate) == 5 && std::strspn(sqlstate, characters) == 5 && !begins(sqlstate, "00") &&
           !begins(sqlstate, "01") && !begins(sqlstate, "02") && !begins(sqlstate, "SF");
}

// The end of a connection is the same error however the source words it.
const char *code_of(const char *sqlstate)
{
    if (sqlstate == nullptr || begins(sqlstate, "57P"))
        return sqlstate::connection_failure;
    return is_sound(sqlstate) ? sqlstate : sqlstate::protocol_violation;
}

} // namespace

Error source_error(const char *sqlstate, const std::string &source, const std::string &what, const std::string &detail,
                   const std::string &hint)
{
    Error error(sqlstate, "source \"" + source + "\": " + what, detail, hint);
    error.is_final = true;
    return error;
}

Error statement_error(const std::string &source, const pg_result *answer, const std::string &when)
{
    const char *const code = code_of(PQresultErrorField(answer, PG_DIAG_SQLSTATE));
    std::string message = utf8(PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY));
    if (message.empty())
        message = utf8(PQresultErrorMessage(answer));
    if (message.empty())
        message = "the answer has the status " + std::string(PQresStatus(PQresultStatus(answer)));
    std::string detail = utf8(PQresultErrorField(answer, PG_DIAG_MESSAGE_DETAIL));
    return source_error(code, source, message, detail.empty() ? "This came up in " + when + "." : detail,
                        utf8(PQresultErrorField(answer, PG_DIAG_MESSAGE_HINT)));
}

Error connect_error(const std::string &source, const pg_conn *connection, const std::string &password)
{
    return source_error(sqlstate::unable_to_connect, source, "no connection: " + words_of(connection, password));
}

Error lost_error(const std::string &source, const pg_conn *connection)
{
    return source_error(sqlstate::connection_failure, source, "the connection is lost: " + words_of(connection, {}));
}

} // namespace datasurface::remote
