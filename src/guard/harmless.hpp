// Private to the guard room: which functions may run as anybody in anybody's session.
#pragma once

extern "C" {
#include "postgres.h"
}

namespace datasurface::guard {

// Harmless are: immutable functions of a superuser, so those of citext, PostGIS and the like; functions in C of a superuser that
// only the server itself can call (input and output, handlers, support functions); and of PostgreSQL's own stable and volatile
// ones those of a list. A function counts by itself: its body, where it has one, is judged call by call as it runs.
// False for a function that is gone.
bool is_harmless(Oid function);

// A type whose values may bring code of a role that is no superuser: a range with functions of its own; and, where values
// are made (by input, a cast, a function's result), a domain. Looks into arrays, domains, ranges and rows. 0: none.
enum class Values { read, made };
Oid type_with_code(Oid type, Values values);

} // namespace datasurface::guard
