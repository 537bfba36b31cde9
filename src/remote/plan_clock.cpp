#include "remote/plan_clock.hpp"

namespace datasurface::remote {

namespace {

std::string microseconds(const std::string &time)
{
    return "(extract(epoch FROM " + time + ") * 1000000)::bigint";
}

} // namespace

// A message of several statements gives all its transactions the time of the message, and between two of them the session shows none: so
// the begin of its statement counts too. PostgreSQL does not show the transactions of sessions for replication, which may execute SQL as well, unless
// they stream. Workers of autovacuum stamp no rows. Prepared transactions are looked at after the sessions, on which the condition makes them depend: a
// session that prepares its transaction meanwhile is seen in one place or the other.
std::string clock_statement(const std::string &clock)
{
    return "SELECT CASE WHEN r.active THEN " + microseconds("pg_catalog.pg_last_xact_replay_timestamp()") + " ELSE " +
           microseconds(clock) + " END, " + microseconds("a.oldest") +
           ", EXISTS (SELECT FROM pg_catalog.pg_prepared_xacts p"
           " WHERE p.database = pg_catalog.current_database() AND a.hidden IS NOT NULL),"
           " a.hidden, r.active, pg_catalog.txid_snapshot_xmin(s.now), pg_catalog.txid_snapshot_xmax(s.now)"
           " FROM (SELECT min(least(t.xact_start, CASE WHEN t.state = 'active' THEN t.query_start END)) AS oldest,"
           " coalesce(bool_or(t.backend_type IS NULL OR t.state = 'disabled'"
           " OR (t.backend_xid IS NOT NULL AND t.xact_start IS NULL)"
           " OR (t.backend_type = 'walsender' AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_replication r"
           " WHERE r.pid = t.pid AND r.state IN ('catchup', 'streaming')))), false) AS hidden"
           " FROM pg_catalog.pg_stat_activity t WHERE t.datname = pg_catalog.current_database()"
           " AND t.backend_type IS DISTINCT FROM 'autovacuum worker') a,"
           " (SELECT pg_catalog.pg_is_in_recovery() OFFSET 0) AS r(active),"
           " (SELECT pg_catalog.txid_current_snapshot() OFFSET 0) AS s(now)";
}

} // namespace datasurface::remote
