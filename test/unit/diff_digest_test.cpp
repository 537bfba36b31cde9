#include "diff/digest.hpp"

#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace datasurface::diff {

namespace {

using Bytes = std::vector<unsigned char>;

Bytes some_bytes(std::size_t size)
{
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<unsigned char>(i * 37 + i / 256 + 1);
    return bytes;
}

Digest of(const DigestKey &key, const Bytes &bytes)
{
    return digest(key, bytes.data(), bytes.size());
}

using Wide = unsigned __int128;

std::uint64_t word_at(const Bytes &bytes, std::size_t at)
{
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, sizeof(word));
    return word;
}

std::uint64_t derived(std::uint64_t seed, std::uint64_t number)
{
    std::uint64_t word = seed + (number + 1) * 0x9E3779B97F4A7C15;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
    return word ^ (word >> 31);
}

// What is added to XXH3, of 16 bytes and more
Digest sum_told_plainly(const DigestKey &key, const Bytes &bytes)
{
    auto const times = [](std::uint64_t one, std::uint64_t other) { return static_cast<Wide>(one) * other; };
    Wide sum = times(bytes.size() + key.of_size[0], key.of_size[1]);
    for (std::size_t at = 0; at < bytes.size() - 16; at += 16) {
        bool const in_table = at / 8 < DigestKey::words - 2;
        sum += times(word_at(bytes, at) + (in_table ? key.word[at / 8] : derived(~key.seed, at)),
                     word_at(bytes, at + 8) + (in_table ? key.word[at / 8 + 1] : derived(~key.seed, at + 1)));
    }
    sum += times(word_at(bytes, bytes.size() - 16) + key.word[DigestKey::words - 2],
                 word_at(bytes, bytes.size() - 8) + key.word[DigestKey::words - 1]);
    return {static_cast<std::uint64_t>(sum), static_cast<std::uint64_t>(sum >> 64)};
}

Digest xxh3(const DigestKey &key, const Bytes &bytes)
{
    XXH128_hash_t const hash =
        XXH3_128bits_withSecretandSeed(bytes.data(), bytes.size(), key.secret, sizeof(key.secret), key.seed);
    return {hash.low64, hash.high64};
}

Digest sum_alone(const DigestKey &key, const Bytes &bytes)
{
    auto const whole = of(key, bytes);
    auto const part = xxh3(key, bytes);
    return {whole.low - part.low, whole.high - part.high - (whole.low < part.low)};
}

std::set<std::pair<std::uint64_t, std::uint64_t>> with(std::initializer_list<Digest> digests)
{
    std::set<std::pair<std::uint64_t, std::uint64_t>> all;
    for (Digest const &each : digests)
        all.insert({each.low, each.high});
    return all;
}

} // namespace

TEST(Digest, OfEqualBytesIsEqualWhereverTheyLie)
{
    DigestKey const key = digest_key(1);
    for (std::size_t size = 0; size < 300; ++size) {
        Bytes const bytes = some_bytes(size);
        Bytes moved(size + 3, 0xEE);
        std::copy(bytes.begin(), bytes.end(), moved.begin() + 3);
        EXPECT_EQ(of(key, bytes), digest(digest_key(1), moved.data() + 3, size));
        EXPECT_FALSE(of(key, bytes) == of(digest_key(2), bytes));
    }
}

TEST(Digest, IsTheSumOfTwo)
{
    DigestKey const key = digest_key(11);
    for (std::size_t size = 16; size < 2100; ++size) {
        Bytes const bytes = some_bytes(size);
        ASSERT_EQ(of(key, bytes), both(xxh3(key, bytes), sum_told_plainly(key, bytes))) << size;
    }
}

// XXH3 with the seed, whichever way it is called.
TEST(Digest, LongRowsHaveTheSecretOfTheSeed)
{
    DigestKey const key = digest_key(12);
    Bytes const bytes = some_bytes(500);
    XXH128_hash_t const hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), key.seed);
    EXPECT_EQ(xxh3(key, bytes), (Digest{hash.low64, hash.high64}));
}

// Either half, XXH3 and the sum, sees every bit of every byte and the size.
TEST(Digest, EachBitCounts)
{
    DigestKey const key = digest_key(7);
    for (std::size_t const size : {1,  2,  3,  4,   5,   7,   8,    9,    15,   16,   17,   31,   32,
                                   33, 47, 48, 100, 240, 241, 1007, 1008, 1024, 1025, 1040, 1041, 3000}) {
        Bytes bytes = some_bytes(size);
        std::set<std::pair<std::uint64_t, std::uint64_t>> wholes = with({of(key, bytes)});
        std::set<std::pair<std::uint64_t, std::uint64_t>> sums = with({sum_alone(key, bytes)});
        for (std::size_t bit = 0; bit < size * 8; ++bit) {
            bytes[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
            wholes.merge(with({of(key, bytes)}));
            EXPECT_EQ(wholes.size(), bit + 2) << size << " " << bit;
            sums.merge(with({sum_alone(key, bytes)}));
            EXPECT_EQ(sums.size(), bit + 2) << size << " " << bit;
            bytes[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
        }
    }
}

TEST(Digest, SizesCount)
{
    DigestKey const key = digest_key(7);
    std::set<std::pair<std::uint64_t, std::uint64_t>> sums;
    for (std::size_t size = 0; size < 2000; ++size) // of zeros, which are nothing but their number
        sums.merge(with({sum_alone(key, Bytes(size))}));
    EXPECT_EQ(sums.size(), 2000u);
}

// Blocks of a row do not change places unseen, nor do words of a block.
TEST(Digest, PlacesCount)
{
    DigestKey const key = digest_key(7);
    for (std::size_t const size : {64, 1024, 2048}) {
        Bytes const bytes = some_bytes(size);
        for (std::size_t const words : {1, 2, 4}) {
            for (std::size_t at = 0; at + words * 16 <= size; at += 8) {
                Bytes swapped = bytes;
                std::swap_ranges(swapped.begin() + static_cast<std::ptrdiff_t>(at),
                                 swapped.begin() + static_cast<std::ptrdiff_t>(at + words * 8),
                                 swapped.begin() + static_cast<std::ptrdiff_t>(at + words * 8));
                EXPECT_FALSE(sum_alone(key, bytes) == sum_alone(key, swapped)) << size << " " << words << " " << at;
            }
        }
    }
}

// Two bigint columns that go from (0, -1) to (-1, 0): XXH3 of 128 bits misses it for one seed of 2^26, this being one.
TEST(Digest, SeesWhatXxh3DoesNot)
{
    std::int64_t const before[4] = {0, -1, 42, 1};
    std::int64_t const after[4] = {-1, 0, 42, 1};
    DigestKey key = digest_key(3);
    key.seed = 0xceb77699998f5156;
    XXH128_hash_t const one = XXH3_128bits_withSeed(before, sizeof(before), key.seed);
    XXH128_hash_t const other = XXH3_128bits_withSeed(after, sizeof(after), key.seed);
    EXPECT_TRUE(XXH128_isEqual(one, other));
    EXPECT_FALSE(digest(key, before, sizeof(before)) == digest(key, after, sizeof(after)));
}

TEST(Digest, OfBothIsTheSumOfEach)
{
    std::uint64_t const all = ~std::uint64_t{0};
    EXPECT_EQ(both({1, 2}, {3, 4}), (Digest{4, 6}));
    EXPECT_EQ(both({all, 2}, {2, 4}), (Digest{1, 7}));
    EXPECT_EQ(both({all, all}, {1, 0}), (Digest{0, 0}));
}

TEST(Digest, KeysHaveNoWordTwice)
{
    std::set<std::uint64_t> words;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        DigestKey const key = digest_key(seed);
        words.insert({key.seed, key.of_size[0], key.of_size[1]});
        words.insert(std::begin(key.word), std::end(key.word));
    }
    EXPECT_EQ(words.size(), 10 * (DigestKey::words + 3));
}

} // namespace datasurface::diff
