// Private to the guard room: which functions may run as any role in any session.
#pragma once

extern "C" {
#include "postgres.h"
}

namespace datasurface::guard {

// True for:
// - immutable functions of a superuser, such as those of citext and PostGIS
// - functions in C of a superuser that only the server can call: input and output, handlers, support functions
// - triggers of PostgreSQL's own, event triggers of a superuser, and constructors of ranges
// - PostgreSQL's own stable and volatile functions that are in harmless_list.hpp
// Only the function itself is judged. The calls in its body are judged when they run. False for a dropped function.
bool is_harmless(Oid function);

// Searches a type, and the types within it (arrays, domains, ranges, rows), for one that may run code of a role that is not a
// superuser: a range with functions of its own, or, when values are made (by input, a cast or a function), a domain. 0: none.
enum class Values { read, made };
Oid type_with_code(Oid type, Values values);

} // namespace datasurface::guard
