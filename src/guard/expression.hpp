// Private to the guard room, raises: checks what expressions and queries would call.
#pragma once

#include "guard/refuse.hpp"

extern "C" {
#include "nodes/nodes.h"
}

namespace datasurface::guard {

// node: analysed; a query is also rewritten; may be a list. Raises 42501 for a function that must not run there.
void check_expression(Node *node, const Place &place);

// The same for the conditions of queries only, and of those within them.
void check_conditions(Node *node, const Place &place);

} // namespace datasurface::guard
