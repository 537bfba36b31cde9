// A time as PostgreSQL reads it.
#pragma once

#include <cstdint>
#include <string>

namespace datasurface {

// microseconds: since 1970. Times before those of PostgreSQL become -infinity.
std::string time_text(std::int64_t microseconds);

} // namespace datasurface
