// Private to the guard room, raises: checks functions that a session caches, so that no hook sees their calls.
#pragma once

extern "C" {
#include "postgres.h"

#include "utils/relcache.h"
}

namespace datasurface::guard {

// Checks a table that is about to be written to, and its partitions. Raises 42501 for a function of a range type, which an index
// calls, or of an implicit cast, which a foreign key calls, that must not run as the role. The session may have looked up such
// a function before our call began.
void check_written(Oid table, Oid role);

// Checks only the range types, of the columns of one table or index.
void check_ranges(Relation relation, Oid role);

} // namespace datasurface::guard
