// Digests of rows, 128 bits. Equal bytes have equal digests. Different bytes almost never have equal digests, even when they
// are chosen by an attacker, as long as the key is random and secret (docs/decisions/014-digests.md).
#pragma once

#include <cstddef>
#include <cstdint>

namespace datasurface::diff {

struct Digest {
    std::uint64_t low;
    std::uint64_t high;

    bool operator==(const Digest &) const = default;
};

// Trivially copyable, because it lies in shared memory: the workers of a merge use one key.
struct DigestKey {
    static constexpr std::size_t words = 128; // for the first 1 kB of a row; the words for later bytes are computed

    std::uint64_t seed; // of XXH3; the secret is derived from it
    unsigned char secret[192];
    std::uint64_t word[words];
    std::uint64_t of_size[2];
};

DigestKey digest_key(std::uint64_t seed);

Digest digest(const DigestKey &key, const void *bytes, std::size_t size);

// One digest of two parts, such as a row's bytes and its null bits. Each part is digested with its own key.
Digest both(const Digest &one, const Digest &other);

} // namespace datasurface::diff
