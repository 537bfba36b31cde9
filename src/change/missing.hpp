// Tables that we made and that are gone.
#pragma once

#include "change/actual.hpp"

namespace datasurface::change {

// A missing table was dropped, and is created again. If an object that depends on it still exists, the table was renamed or
// moved: throws 42P01.
void require_dropped(const Actual &actual);

// Throws SF004 when something that is no table has the name of one that we made.
void require_table(const Object &table);

// True when the merge or history table was made before and no longer exists.
bool lacks_made_table(const Actual &actual);

} // namespace datasurface::change
