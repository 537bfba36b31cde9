#include "remote/plan_session.hpp"

#include <cstdio>

#include "sqltext/sqltext.hpp"

namespace datasurface::remote {

namespace {

std::string set(const char *name, const std::string &value)
{
    return "SET " + std::string(name) + " = " + sqltext::literal(value) + ";";
}

// What an earlier query of this connection has set is forgotten.
constexpr char forget[] = "SET SESSION AUTHORIZATION DEFAULT;"
                          "RESET ROLE;"
                          "RESET ALL;";

// As here, so that a query means the same there and gives the same text; digits as many as any version needs.
constexpr char pinned[] = "SET search_path = pg_catalog, pg_temp;"
                          "SET row_security = off;"
                          "SET DateStyle = 'ISO, YMD';"
                          "SET IntervalStyle = postgres;"
                          "SET TimeZone = 'GMT';"
                          "SET extra_float_digits = 3;"
                          "SET bytea_output = hex;"
                          "SET xmloption = content;"
                          "SET xmlbinary = base64;"
                          "SET array_nulls = on;"
                          "SET quote_all_identifiers = off;"
                          "SET lc_monetary = 'C';"
                          "SET lc_numeric = 'C';"
                          "SET lc_time = 'C';"
                          "SET timezone_abbreviations = 'Default';"
                          "SET default_text_search_config = 'pg_catalog.simple';"
                          "SET standard_conforming_strings = on;"
                          "SET backslash_quote = safe_encoding;"
                          "SET transform_null_equals = off;"
                          "SET gin_fuzzy_search_limit = 0;"
                          "SET synchronize_seqscans = off;"
                          "SET tcp_keepalives_idle = 60;"
                          "SET tcp_keepalives_interval = 10;"
                          "SET tcp_keepalives_count = 6;"
                          "SET idle_in_transaction_session_timeout = '0';"; // it waits while rows are merged here

// A query ends when the server or process that asked has gone, and so does a session that nobody uses any more.
constexpr char pinned_since_14[] = "SET client_connection_check_interval = '1s';"
                                   "SET idle_session_timeout = '10min';";

// What is durable: it does not go back when the server crashes.
constexpr char identity[] =
    "SELECT s.system_identifier,"
    " CASE WHEN r.active THEN greatest(c.timeline_id, p.min_recovery_end_timeline)"
    " ELSE ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::int END,"
    " CASE WHEN r.active THEN coalesce(pg_last_wal_replay_lsn(), pg_last_wal_receive_lsn(), '0/0')"
    " ELSE pg_current_wal_flush_lsn() END,"
    " r.active"
    " FROM pg_control_system() s, pg_control_checkpoint() c, pg_control_recovery() p,"
    " (SELECT pg_is_in_recovery() OFFSET 0) AS r(active)";

} // namespace

std::string pin_statements(const Session &session, int version)
{
    return forget + set("application_name", "datasurface: " + session.store) + pinned +
           (version >= 140000 ? pinned_since_14 : "") +
           set("statement_timeout", session.statement_timeout.empty() ? "0" : session.statement_timeout);
}

std::string begin_statements(const Session &session, int version)
{
    return pin_statements(session, version) + "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" + identity;
}

bool is_sound(const Identity &identity)
{
    unsigned int high = 0, low = 0;
    int read = 0;
    bool const is_lsn = std::sscanf(identity.lsn.c_str(), "%8X/%8X%n", &high, &low, &read) == 2 &&
                        identity.lsn.size() == static_cast<std::size_t>(read);
    bool const is_number = !identity.system_identifier.empty() && identity.system_identifier.size() <= 20 &&
                           identity.system_identifier.find_first_not_of("0123456789") == std::string::npos;
    return is_lsn && is_number && identity.timeline > 0;
}

std::uint64_t position_of(const std::string &lsn)
{
    unsigned int high = 0, low = 0;
    return std::sscanf(lsn.c_str(), "%8X/%8X", &high, &low) == 2 ? (std::uint64_t{high} << 32) + low : 0;
}

std::optional<Backwards> backwards(const Identity &before, const Identity &now)
{
    if (before.system_identifier != now.system_identifier)
        return Backwards{"another server", "is another server than", "system identifier " + now.system_identifier,
                         before.system_identifier};
    if (now.timeline < before.timeline)
        return Backwards{"lower timeline", "has a lower timeline than", std::to_string(now.timeline),
                         std::to_string(before.timeline)};
    if (position_of(now.lsn) < position_of(before.lsn))
        return Backwards{"earlier position", "is at an earlier position in the WAL than", now.lsn, before.lsn};
    return std::nullopt;
}

std::string in_words(const Backwards &backwards, const std::string &when)
{
    return backwards.than + " at " + when + " (" + backwards.now + ", was " + backwards.before + ")";
}

} // namespace datasurface::remote
