// Private to the guard room, raises: the rule itself.
#pragma once

extern "C" {
#include "postgres.h"

#include "utils/relcache.h"
}

namespace datasurface::guard {

// The place of a function, for the error: "the query of dataset d", or "trigger t of table s.d".
struct Place {
    Oid role;         // the role that would run it; InvalidOid: any role, in a session of its own
    const char *what; // nullptr: the place is unknown
    const char *name = nullptr;
    Relation table = nullptr;
};

// True when functions that are not harmless may run as this role in this session.
bool may_run_as(Oid role);

// Raises 42501 unless the function may run there.
void refuse_function(Oid function, const Place &place);

// Raises 42501 unless the functions of a type may run there. type: from type_with_code(); InvalidOid: does nothing.
void refuse_type(Oid type, const Place &place);

} // namespace datasurface::guard
