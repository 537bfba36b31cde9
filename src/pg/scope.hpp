// What the files of this room that set settings share. Called inside pg::call only: these raise as PostgreSQL does.
#pragma once

#include "pg/session.hpp"

namespace datasurface::pg {

// Opens a scope: leave() puts the user and the settings back to what they are now.
Scope open_scope();

// Sets a setting until the surrounding scope is left.
void set_in_scope(const char *name, const char *value);

} // namespace datasurface::pg
