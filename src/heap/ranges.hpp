// Private to the heap room: how two tables are walked side by side. Both are cut into equally many ranges of blocks, and
// a range of one is read, then the same of the other: what lies at about the same place in both meets at once.
#pragma once

#include <algorithm>
#include <cstdint>

namespace datasurface::heap {

struct Range {
    std::uint32_t first;
    std::uint32_t blocks;
};

struct Ranges {
    std::uint32_t staging_blocks;
    std::uint32_t merge_blocks;

    // What waits of a range should stay in a processor's cache: 64 blocks hold some 5,000 rows.
    std::uint32_t count() const { return std::max({staging_blocks, merge_blocks, 64U}) / 64U; }

    Range staging(std::uint32_t range) const { return cut(staging_blocks, range); }
    Range merge(std::uint32_t range) const { return cut(merge_blocks, range); }

private:
    Range cut(std::uint64_t blocks, std::uint64_t range) const
    {
        auto const first = static_cast<std::uint32_t>(blocks * range / count());
        return {first, static_cast<std::uint32_t>(blocks * (range + 1) / count()) - first};
    }
};

} // namespace datasurface::heap
