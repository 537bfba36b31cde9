// A time as PostgreSQL reads it.
#pragma once

#include <cstdint>
#include <string>

namespace datasurface {

// microseconds: since 1970. Times before the year 1 become its begin.
std::string time_text(std::int64_t microseconds);

} // namespace datasurface
