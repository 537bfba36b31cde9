#pragma once

#include <string>

namespace datasurface::pg {

// Tells the caller something that is no error.
void warn(const std::string &message, const std::string &hint, const std::string &detail = {});
// What is as it should be, and may surprise.
void notice(const std::string &message, const std::string &hint);

} // namespace datasurface::pg
