// Private to the guard room, and PostgreSQL's regime: what expressions and queries would call.
#pragma once

#include "guard/refuse.hpp"

extern "C" {
#include "nodes/nodes.h"
}

namespace datasurface::guard {

// A node, or a list of them, analysed and, where it is a query, rewritten. Raises for what must not run there.
void check_expression(Node *node, const Place &place);

} // namespace datasurface::guard
