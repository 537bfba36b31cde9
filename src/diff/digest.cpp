#include "diff/digest.hpp"

#include <algorithm>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace datasurface::diff {

namespace {

using Wide = unsigned __int128;

constexpr std::size_t block = 16; // bytes: two words, which are multiplied

// The output function of SplitMix64, a generator of pseudorandom words whose state grows by a constant.
std::uint64_t mixed(std::uint64_t state)
{
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
    return state ^ (state >> 31);
}

std::uint64_t word_of(std::uint64_t seed, std::uint64_t number)
{
    return mixed(seed + (number + 1) * 0x9E3779B97F4A7C15);
}

template <class Word>
std::uint64_t word_at(const unsigned char *bytes)
{
    Word word;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
}

Wide product(std::uint64_t one, std::uint64_t other, std::uint64_t one_key, std::uint64_t other_key)
{
    return static_cast<Wide>(one + one_key) * (other + other_key);
}

Wide product_of(const unsigned char *bytes, std::uint64_t one_key, std::uint64_t other_key)
{
    return product(word_at<std::uint64_t>(bytes), word_at<std::uint64_t>(bytes + 8), one_key, other_key);
}

// For fewer bytes than a block. The two words may overlap; together they contain every byte.
Wide product_of_few(const unsigned char *bytes, std::size_t size, const std::uint64_t *keys)
{
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (size >= 8) {
        first = word_at<std::uint64_t>(bytes);
        last = word_at<std::uint64_t>(bytes + size - 8);
    } else if (size >= 4) {
        first = word_at<std::uint32_t>(bytes);
        last = word_at<std::uint32_t>(bytes + size - 4);
    } else if (size > 0) {
        first = bytes[0] | bytes[size / 2] << 8;
        last = bytes[size - 1];
    }
    return product(first, last, keys[0], keys[1]);
}

// The sum of products of pairs of words, each plus a random word (NH, of UMAC). The last block ends at the last byte, and may
// overlap the one before.
Wide sum_of_products(const DigestKey &key, const unsigned char *bytes, std::size_t size)
{
    Wide sum = static_cast<Wide>(size + key.of_size[0]) * key.of_size[1];
    if (size < block)
        return sum + product_of_few(bytes, size, key.word);
    std::size_t const last = size - block;
    std::size_t const with_table = std::min(last, (DigestKey::words / 2 - 1) * block);
    const std::uint64_t *word = key.word;
    std::size_t at = 0;
    Wide other_sum = 0; // two sums, because each addition would wait for the one before
    for (; at + block < with_table; at += 2 * block, word += 4) {
        sum += product_of(bytes + at, word[0], word[1]);
        other_sum += product_of(bytes + at + block, word[2], word[3]);
    }
    sum += other_sum;
    if (at < with_table) {
        sum += product_of(bytes + at, word[0], word[1]);
        at += block;
    }
    for (; at < last; at += block)
        sum += product_of(bytes + at, word_of(~key.seed, at), word_of(~key.seed, at + 1));
    return sum + product_of(bytes + last, key.word[DigestKey::words - 2], key.word[DigestKey::words - 1]);
}

Digest narrow(Wide wide)
{
    return {static_cast<std::uint64_t>(wide), static_cast<std::uint64_t>(wide >> 64)};
}

Wide wide(std::uint64_t low, std::uint64_t high)
{
    return static_cast<Wide>(high) << 64 | low;
}

} // namespace

DigestKey digest_key(std::uint64_t seed)
{
    DigestKey key;
    key.seed = word_of(seed, DigestKey::words + 2);
    static_assert(sizeof(key.secret) == XXH3_SECRET_DEFAULT_SIZE);
    XXH3_generateSecret_fromSeed(key.secret, key.seed);
    for (std::size_t i = 0; i < DigestKey::words; ++i)
        key.word[i] = word_of(seed, i);
    key.of_size[0] = word_of(seed, DigestKey::words);
    key.of_size[1] = word_of(seed, DigestKey::words + 1);
    return key;
}

Digest digest(const DigestKey &key, const void *bytes, std::size_t size)
{
    XXH128_hash_t const hash = XXH3_128bits_withSecretandSeed(bytes, size, key.secret, sizeof(key.secret), key.seed);
    return narrow(wide(hash.low64, hash.high64) +
                  sum_of_products(key, static_cast<const unsigned char *>(bytes), size));
}

Digest both(const Digest &one, const Digest &other)
{
    return narrow(wide(one.low, one.high) + wide(other.low, other.high));
}

} // namespace datasurface::diff
