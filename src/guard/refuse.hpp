// Private to the guard room, and PostgreSQL's regime: the rule itself.
#pragma once

extern "C" {
#include "postgres.h"

#include "utils/relcache.h"
}

namespace datasurface::guard {

// Where code stands, for the error that refuses it: "the query of dataset d", or "trigger t of table s.d".
struct Place {
    Oid role;         // that it would run as
    const char *what; // nullptr where only the function itself is known
    const char *name = nullptr;
    Relation table = nullptr;
};

// May code of others run as this role in this session?
bool may_run_as(Oid role);

// Raises unless the function may run there.
void refuse_function(Oid function, const Place &place);

// Raises unless code that a type brings along may run there. InvalidOid: there is none.
void refuse_type(Oid type, const Place &place);

} // namespace datasurface::guard
