// Within the room remote: a value of one type to a column of another, as an INSERT assigns it.
#pragma once

extern "C" {
#include "postgres.h"
}

namespace datasurface::remote {

struct Assignment;

// In the current memory context, and as the current role, which may call the functions of the casts. Returns nullptr when a value of
// the type is one of the column, as it is. Raises 42804 when PostgreSQL does not assign it.
Assignment *make_assignment(Oid from, Oid to, int32 modifier);

// Raises what a cast raises, or the length or domain of the column. May make a value NULL.
Datum assign(Assignment &assignment, Datum value, bool &is_null);

} // namespace datasurface::remote
