// diff: two sets of rows to what was inserted, updated and deleted between them. Knows digests and places only; what a row
// is, and whether a difference is one, its caller knows. No header of the server, no memory or file of its own.
#pragma once

#include <cstdint>

namespace datasurface::diff {

// A row of either side. Rows of one key have one key digest; equal rows have equal row digests. 32 bytes, two to a
// cache line.
struct Entry {
    std::uint64_t key;
    std::uint64_t row[2];
    std::uint64_t place; // where its owner finds it again, 63 bits, and the side in the topmost
};

constexpr std::uint64_t merged_side = std::uint64_t{1} << 63; // of the table that is merged into; else staged

inline bool is_merged(const Entry &entry)
{
    return (entry.place & merged_side) != 0;
}

inline std::uint64_t place_of(const Entry &entry)
{
    return entry.place & ~merged_side;
}

// A key digest as the join knows it: 0 marks an empty slot there, so 0 counts as 1.
inline std::uint64_t key_of(std::uint64_t digest)
{
    return digest != 0 ? digest : 1;
}

// One key on both sides, with different row digests.
struct Pair {
    std::uint64_t staged; // places
    std::uint64_t merged;
};

} // namespace datasurface::diff
