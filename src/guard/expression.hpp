// Private to the guard room, and PostgreSQL's regime: what expressions and queries would call.
#pragma once

extern "C" {
#include "postgres.h"

#include "nodes/nodes.h"
}

namespace datasurface::guard {

struct Place {
    Oid role;         // that it would run as
    const char *what; // where it stands, for the error
};

// A node, or a list of them, analysed and, where it is a query, rewritten. Raises for what must not run there.
void check_expression(Node *node, const Place &place);

} // namespace datasurface::guard
