#pragma once

#include <string>

namespace datasurface::pg {

// Tells the caller something that is no error.
void warn(const std::string &message, const std::string &hint, const std::string &detail = {});

} // namespace datasurface::pg
