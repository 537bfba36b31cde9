#include "remote/plan_clock.hpp"

namespace datasurface::remote {

namespace {

std::string microseconds(const std::string &time)
{
    return "(extract(epoch FROM " + time + ") * 1000000)::bigint";
}

} // namespace

// Workers of autovacuum and senders of WAL stamp no rows. Prepared transactions are looked at after the sessions, on which the condition
// makes them depend: a session that prepares its transaction meanwhile is seen in one place or the other.
std::string clock_statement(const std::string &clock)
{
    return "SELECT CASE WHEN r.active THEN " + microseconds("pg_catalog.pg_last_xact_replay_timestamp()") + " ELSE " +
           microseconds(clock) + " END, " + microseconds("a.oldest") +
           ", EXISTS (SELECT FROM pg_catalog.pg_prepared_xacts p"
           " WHERE p.database = pg_catalog.current_database() AND a.hidden IS NOT NULL),"
           " a.hidden, r.active, pg_catalog.txid_snapshot_xmin(s.now), pg_catalog.txid_snapshot_xmax(s.now)"
           " FROM (SELECT min(xact_start) AS oldest,"
           " coalesce(bool_or(backend_type IS NULL OR state = 'disabled'), false) AS hidden"
           " FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()"
           " AND coalesce(backend_type, '') NOT IN ('autovacuum worker', 'walsender')) a,"
           " (SELECT pg_catalog.pg_is_in_recovery() OFFSET 0) AS r(active),"
           " (SELECT pg_catalog.txid_current_snapshot() OFFSET 0) AS s(now)";
}

} // namespace datasurface::remote
