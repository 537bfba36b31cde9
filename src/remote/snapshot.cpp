#include "remote/snapshot.hpp"

#include <charconv>

#include <libpq-fe.h>

#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "remote/errors.hpp"
#include "remote/kept.hpp"
#include "remote/message_raising.hpp"

namespace datasurface::remote {

namespace {

// As dblink and postgres_fdw do: who is no superuser must not act as the account of this server, by a certificate, a ticket or the
// name of its operating system's user.
void require_password(const Connection &connection, const Target &target)
{
    if (target.needs_password && !connection.used_password())
        throw source_error(sqlstate::password_required, target.source.name, "it did not ask for the password",
                           "Role \"" + target.owner +
                               "\", which owns the store, is no superuser: the source must check the credential.",
                           "Use password or scram-sha-256 in pg_hba.conf of the source.");
}

Given given(const Answer &answer, int column)
{
    unsigned int const type = PQftype(answer.handle(), column);
    int const modifier = PQfmod(answer.handle(), column);
    const char *const name = pg::call([&] { return message_to_utf8(PQfname(answer.handle(), column)); });
    std::string const column_name = name;
    const char *const type_name = pg::call([&] { return built_in_type(type, modifier); });
    return {column_name, {type, modifier}, type_name == nullptr ? "" : type_name};
}

} // namespace

Snapshot::Snapshot(const Target &target, const Login &login)
    : session_{target.store, target.source.statement_timeout}, key_(key_of(target.source, login, target.owner)),
      connection_(take_kept(key_))
{
    if (connection_ != nullptr) {
        require_password(*connection_, target);
        try {
            begin_with_clock(target.needs_clock);
            return;
        } catch (const Error &error) {
            if (error.sqlstate != sqlstate::connection_failure)
                throw;
        }
    }
    connect(target, login);
    begin_with_clock(target.needs_clock);
}

void Snapshot::begin_with_clock(bool needs_clock)
{
    if (needs_clock)
        read_clock();
    begin();
}

void Snapshot::connect(const Target &target, const Login &login)
{
    connection_.reset();
    const char *const encoding = pg::call([] { return database_encoding(); });
    connection_ = std::make_unique<Connection>(target.source, login, encoding);
    require_password(*connection_, target);
    if (connection_->version() < oldest_source)
        throw source_error(sqlstate::feature_not_supported, target.source.name,
                           "its version is " + std::to_string(connection_->version() / 10000),
                           "The oldest that serves is PostgreSQL 10.");
}

namespace {

// Nothing for what is no number of its kind.
template <class Number>
std::optional<Number> number_in(const std::string &text)
{
    Number number = 0;
    auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const is_number = !text.empty() && problem == std::errc() && end == text.data() + text.size();
    return is_number ? std::optional(number) : std::nullopt;
}

std::int32_t number_of(const std::string &text)
{
    return number_in<std::int32_t>(text).value_or(0);
}

} // namespace

// All statements of one message have one statement_timestamp(), which is before any of them looks at sessions.
void Snapshot::read_clock()
{
    Answer const answer = connection_->run(pin_statements(session_, connection_->version()) +
                                               clock_statement("pg_catalog.statement_timestamp()"),
                                           "the look at the clock");
    bool const is_row = PQntuples(answer.handle()) == 1 && PQnfields(answer.handle()) == clock_columns;
    auto const xmin = is_row ? number_in<std::int64_t>(answer.text(0, 5)) : std::nullopt;
    auto const xmax = is_row ? number_in<std::int64_t>(answer.text(0, 6)) : std::nullopt;
    if (!xmin || !xmax)
        throw source_error(sqlstate::protocol_violation, connection_->source(), "it does not say which time it is");
    clock_ = {number_in<std::int64_t>(answer.text(0, 0)),
              number_in<std::int64_t>(answer.text(0, 1)),
              answer.text(0, 2) != "f",
              answer.text(0, 3) != "f",
              answer.text(0, 4) != "f",
              *xmin,
              *xmax};
}

void Snapshot::begin()
{
    Answer const answer =
        connection_->run(begin_statements(session_, connection_->version()), "the begin of the snapshot");
    bool const has_identity = PQntuples(answer.handle()) == 1 && PQnfields(answer.handle()) == identity_columns;
    if (has_identity)
        identity_ = {answer.text(0, 0), number_of(answer.text(0, 1)), answer.text(0, 2), answer.text(0, 3) == "t"};
    if (!has_identity || !is_sound(identity_))
        throw source_error(sqlstate::protocol_violation, connection_->source(), "it does not say which snapshot it is");
    is_pinned_ = true;
    received_before_ = connection_->received();
}

Answer Snapshot::look()
{
    Answer answer = connection_->run(events, "the look at the tables");
    if (PQntuples(answer.handle()) != 1 || PQnfields(answer.handle()) != events_columns)
        throw source_error(sqlstate::protocol_violation, connection_->source(),
                           "it does not say what has happened to the tables");
    return answer;
}

bool Snapshot::sees_tables()
{
    return look().text(0, 0) == "0";
}

void Snapshot::begin_anew()
{
    (void)connection_->run("ROLLBACK", "the end of the snapshot");
    begin();
}

void Snapshot::pin_settings()
{
    if (!is_pinned_)
        (void)connection_->run(pin_statements(session_, connection_->version()), "the settings of the session");
    is_pinned_ = false;
}

std::vector<Given> Snapshot::columns_of(const std::string &query, const std::string &title)
{
    Answer const answer = connection_->describe(plan_describe(query), "the query of " + title);
    std::vector<Given> columns;
    for (int i = 0; i < PQnfields(answer.handle()); ++i)
        columns.push_back(given(answer, i));
    return columns;
}

std::vector<std::string> Snapshot::row_of(const std::string &query, const std::string &title)
{
    pin_settings();
    Answer const answer = connection_->run_one(query, "the marks of " + title);
    if (PQntuples(answer.handle()) != 1)
        throw source_error(sqlstate::protocol_violation, connection_->source(),
                           "it does not say which marks there are");
    std::vector<std::string> row;
    for (int i = 0; i < PQnfields(answer.handle()); ++i)
        row.push_back(answer.text(0, i));
    return row;
}

void Snapshot::begin_attempt()
{
    (void)connection_->run("SAVEPOINT attempt", "a test");
}

void Snapshot::end_attempt(const Error &error)
{
    if (error.sqlstate != sqlstate::connection_failure)
        (void)connection_->run("ROLLBACK TO SAVEPOINT attempt", "a test");
}

void Snapshot::explain(const std::string &query, const std::string &title)
{
    (void)connection_->run_one("EXPLAIN " + plan_describe(query), "the query of " + title);
}

std::string Snapshot::server()
{
    Answer const answer = connection_->run("SELECT current_setting('server_version')", "a test");
    const char *const version = PQgetvalue(answer.handle(), 0, 0);
    std::string const shown = pg::call([&] { return message_to_utf8(version); });
    return "PostgreSQL " + shown + (identity_.in_recovery ? ", in recovery" : ", primary");
}

std::int64_t Snapshot::received() const
{
    return connection_ == nullptr ? received_ : connection_->received() - received_before_;
}

void Snapshot::end()
{
    if (connection_ == nullptr)
        return;
    received_ = received();
    Answer const seen = look();
    if (seen.text(0, 1) != "f")
        throw source_error(sqlstate::read_only_transaction, connection_->source(), "a query has written there",
                           "Its transaction is read-only, but has got a number, as by lo_create() or txid_current(). "
                           "Nothing was committed there.",
                           "Leave the function out of the query or filter, or revoke it from the user of the source.");
    if (seen.text(0, 0) != "0")
        throw source_error(sqlstate::serialization_failure, connection_->source(),
                           "a table was emptied, loaded anew or rewritten while it was pulled",
                           "The snapshot sees such a table as empty. Nothing was written.",
                           "Pull again; the source may load a table anew without TRUNCATE, or at another time.");
    Answer const answer = connection_->run("COMMIT", "the end of the snapshot");
    if (std::string(PQcmdStatus(answer.handle())) != "COMMIT")
        throw source_error(sqlstate::protocol_violation, connection_->source(), "it has not committed the snapshot");
    keep(key_, std::move(connection_));
}

} // namespace datasurface::remote
