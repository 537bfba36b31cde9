// Within the rooms heap and native: the digest of a key's value, by its type.
#pragma once

#include <cstddef>
#include <cstdint>

#include "heap/key_type.hpp"

namespace datasurface::heap {

// Each returns a digest of the value and of `chained`, the digest of what comes before it.
std::uint64_t digest_image(const char *bytes, std::size_t size, std::uint64_t chained);
std::uint64_t digest_value(const KeyType &type, Datum value, std::uint64_t chained);

} // namespace datasurface::heap
