#include "ingest/clock.hpp"

#include "pg/spi.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

remote::SourceClock clock_here()
{
    // what an earlier query of this transaction has seen of the sessions is forgotten
    pg::Rows const time =
        pg::query({"clock", "SELECT pg_catalog.clock_timestamp(), pg_catalog.pg_stat_clear_snapshot()", {}});
    pg::Rows const rows = pg::query(
        {"clock_here", remote::clock_statement(sqltext::literal(time.text(0, 0)) + "::pg_catalog.timestamptz"), {}});
    remote::SourceClock clock;
    if (!rows.is_null(0, 0))
        clock.now = rows.bigint(0, 0);
    if (!rows.is_null(0, 1))
        clock.oldest = rows.bigint(0, 1);
    clock.has_prepared = rows.boolean(0, 2);
    clock.hides_sessions = rows.boolean(0, 3);
    clock.in_recovery = rows.boolean(0, 4);
    clock.xmin = rows.bigint(0, 5);
    clock.xmax = rows.bigint(0, 6);
    return clock;
}

} // namespace datasurface::ingest
