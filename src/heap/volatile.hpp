// Within the room heap: code that may look for rows that are not there yet, because rows are written many at a time.
#pragma once

#include "pg/boundary.hpp"

extern "C" {
#include "nodes/nodes.h"
#include "utils/rel.h"
}

namespace datasurface::heap {

// PostgreSQL's regime.
// A query, or a list of queries, that may call a volatile function other than nextval.
bool may_be_volatile(Node *queries);
// A CHECK of the table that may call one.
bool has_volatile_check(Relation relation);

} // namespace datasurface::heap
