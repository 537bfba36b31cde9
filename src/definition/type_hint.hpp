// Private to definition: suggests a type in place of one that does not exist.
#pragma once

#include <string>

namespace datasurface::definition {

std::string hint_for_type(const std::string &type);

} // namespace datasurface::definition
