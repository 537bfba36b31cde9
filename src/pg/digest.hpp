#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace datasurface::pg {

// SHA-256, hexadecimal.
std::string sha256(std::string_view bytes);

// A number that nobody can guess.
std::uint64_t random_seed();

} // namespace datasurface::pg
