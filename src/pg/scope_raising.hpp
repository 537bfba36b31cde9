// Private to the pg room: sets settings, and keeps what is to be put back.
#pragma once

#include "pg/scope.hpp"

namespace datasurface::pg {

// Opens a scope: leave() puts the user and the settings back to what they are now.
Scope open_scope();

// Sets a setting until the surrounding scope is left.
void set_in_scope(const char *name, const char *value);

} // namespace datasurface::pg
