// Digests of rows, 128 bits: equal bytes have equal digests, and for different bytes of whatever form the chance of equal
// ones is next to none, as long as the key is drawn at random and nobody has seen it (docs/decisions/014-digests.md).
#pragma once

#include <cstddef>
#include <cstdint>

namespace datasurface::diff {

struct Digest {
    std::uint64_t low;
    std::uint64_t high;

    bool operator==(const Digest &) const = default;
};

// Plain, so that it can lie in shared memory: the workers of a merge use one key.
struct DigestKey {
    static constexpr std::size_t words = 128; // for 1 kB; what lies behind is derived

    std::uint64_t seed; // of XXH3, and what it makes of it for long rows
    unsigned char secret[192];
    std::uint64_t word[words];
    std::uint64_t of_size[2];
};

DigestKey digest_key(std::uint64_t seed);

Digest digest(const DigestKey &key, const void *bytes, std::size_t size);

// Of two things together, such as a row's bytes and its null bits. Each has a key of its own.
Digest both(const Digest &one, const Digest &other);

} // namespace datasurface::diff
