// Staged rows that nobody will publish.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// The rows are those of a pull, which begins anew when its dataset has changed: they need no conversion, and a push must not count them.
// A table that the model has not changed since it was reconciled, and that somebody made unlogged, has rows of a push.
bool is_staged_anew(const Tables &tables, const Object &staging);

Step empty_staging(const Object &staging);

} // namespace datasurface::change
