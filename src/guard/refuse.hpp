// Private to the guard room, and PostgreSQL's regime: the rule itself.
#pragma once

extern "C" {
#include "postgres.h"
}

namespace datasurface::guard {

// May code of others run as this role in this session?
bool may_run_as(Oid role);

// Raises unless the function may run for `role`. where: who calls it, for the error; nullptr where only it itself is known.
void refuse_function(Oid function, Oid role, const char *where);

// Raises unless code that a type brings along may run for `role`.
void refuse_type(Oid type, Oid role, const char *where);

} // namespace datasurface::guard
