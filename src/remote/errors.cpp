#include "remote/errors.hpp"

#include <cstring>

#include <libpq-fe.h>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "pg/boundary.hpp"
#include "remote/message_raising.hpp"
#include "remote/plan_message.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::remote {

namespace {

constexpr std::size_t longest = 2000; // bytes of a text

std::string utf8(const char *text)
{
    if (text == nullptr)
        return {};
    return cut(pg::call([&] { return message_to_utf8(text); }), longest);
}

std::string place_of(const model::Source &source)
{
    return "database \"" + source.database + "\" of server \"" + source.host + "\", port " +
           std::to_string(source.port);
}

std::string test_hint(const model::Source &source)
{
    return "SELECT * FROM datasurface.ds_test_source(" + sqltext::literal(source.name) + "); tells what works.";
}

Error lost(const model::Source &source, const std::string &cause, const std::string &detail)
{
    return source_error(sqlstate::connection_failure, source.name,
                        "the connection to " + place_of(source) + " is lost: " + cause, detail, test_hint(source));
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

Error statement_error(const model::Source &source, const pg_conn *connection, const pg_result *answer,
                      const std::string &when)
{
    const char *const code = code_of(PQresultErrorField(answer, PG_DIAG_SQLSTATE));
    std::string message = utf8(PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY));
    if (message.empty())
        message = said_of(utf8(PQresultErrorMessage(answer)), {}).causes;
    std::string const said = utf8(PQresultErrorField(answer, PG_DIAG_MESSAGE_DETAIL));
    std::string const detail = (said.empty() ? "" : said + "\n") + "This came up in " + when + ".";
    if (begins(code, sqlstate::connection_failure))
        return lost(source, message, detail);
    std::string const hint = utf8(PQresultErrorField(answer, PG_DIAG_MESSAGE_HINT));
    if (begins(code, sqlstate::insufficient_privilege))
        return source_error(code, source.name, message,
                            "User \"" + utf8(PQuser(connection)) + "\" of the source lacks the right.\n" + detail,
                            hint.empty() ? "Grant it at the source, or name another credential in the model." : hint);
    return source_error(code, source.name, message, detail, hint);
}

Error connect_error(const model::Source &source, const pg_conn *connection, const std::string &password)
{
    Said const said = said_of(utf8(PQerrorMessage(connection)), password);
    return no_connection(source, said.causes, said.more);
}

Error no_connection(const model::Source &source, const std::string &cause, const std::string &detail)
{
    return source_error(sqlstate::unable_to_connect, source.name, "no connection to " + place_of(source) + ": " + cause,
                        detail, test_hint(source));
}

Error lost_error(const model::Source &source, const pg_conn *connection)
{
    Said const said = said_of(utf8(PQerrorMessage(connection)), {});
    return lost(source, said.causes, said.more);
}

} // namespace datasurface::remote
