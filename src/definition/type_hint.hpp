// Private to definition: what somebody most likely meant by a type that there is not.
#pragma once

#include <string>

namespace datasurface::definition {

std::string hint_for_type(const std::string &type);

} // namespace datasurface::definition
