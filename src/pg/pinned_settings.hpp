// Settings that must not depend on the caller.
#pragma once

#include "pg/scope.hpp"

namespace datasurface::pg {

// Opens a scope in which the same statement means the same for every caller: search_path, DateStyle, TimeZone and others are set.
Scope enter_pinned_settings();

} // namespace datasurface::pg
