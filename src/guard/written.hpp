// Private to the guard room, and PostgreSQL's regime: what a session keeps looked up, so that no hook is asked when it is called.
#pragma once

extern "C" {
#include "postgres.h"

#include "utils/relcache.h"
}

namespace datasurface::guard {

// A table that is about to be written to, and its partitions. Raises where functions of a range type, which indexes call, or of
// an implicit cast, which a foreign key's comparison calls, must not run as a role: they may have been looked up before the call.
void check_written(Oid table, Oid role);

// The first half of it, for the columns of one table or index.
void check_ranges(Relation relation, Oid role);

} // namespace datasurface::guard
