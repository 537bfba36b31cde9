// diff: compares two sets of rows and finds which rows were inserted, updated and deleted. It sees only digests and places of
// rows. The caller knows the rows, and confirms differences by value. The room includes no header of the server, and takes
// memory and files from the caller.
#pragma once

#include <cstdint>

namespace datasurface::diff {

// A row of either side. Rows of one key have one key digest; equal rows have equal row digests. 32 bytes, two to a
// cache line.
struct Entry {
    std::uint64_t key;
    std::uint64_t row[2];
    std::uint64_t place; // 62 bits by which the caller finds the row again; above them are marks
};

constexpr std::uint64_t merged_side = std::uint64_t{1} << 63; // set: a row of the merge table; clear: a staged row
constexpr std::uint64_t delete_mark = std::uint64_t{1} << 62; // of a staged row: it is a delete of its key

inline bool is_merged(const Entry &entry)
{
    return (entry.place & merged_side) != 0;
}

inline bool is_delete(const Entry &entry)
{
    return (entry.place & delete_mark) != 0;
}

// The same staged row as a delete. No row has its digest.
inline Entry deleting(const Entry &entry)
{
    return {entry.key, {0, 0}, entry.place | delete_mark};
}

inline std::uint64_t place_of(const Entry &entry)
{
    return entry.place & ~(merged_side | delete_mark);
}

// The key digest that the join uses. 0 marks an empty slot in its table, so a digest of 0 becomes 1.
inline std::uint64_t key_of(std::uint64_t digest)
{
    return digest != 0 ? digest : 1;
}

// The places of two rows with one key, one on each side, whose row digests differ.
struct Pair {
    std::uint64_t staged;
    std::uint64_t merged;
};

} // namespace datasurface::diff
