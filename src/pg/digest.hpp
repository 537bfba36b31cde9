#pragma once

#include <string>
#include <string_view>

namespace datasurface::pg {

// SHA-256, hexadecimal.
std::string sha256(std::string_view bytes);

} // namespace datasurface::pg
