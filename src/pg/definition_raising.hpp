// Private to definition.cpp: compares an object with the statement that made it, as this server would print both.
#pragma once

#include "sqltext/sqltext.hpp"

extern "C" {
#include "postgres.h"
}

namespace datasurface::pg {

inline constexpr char other_query[] = "its query was changed";

// What differs; nullptr when nothing does, or there is no such object. statement: in the server's encoding.
const char *look_at_view(const sqltext::Qualified &name, const char *statement, Oid owner);
const char *look_at_function(const sqltext::Qualified &name, const char *statement, Oid owner);

} // namespace datasurface::pg
