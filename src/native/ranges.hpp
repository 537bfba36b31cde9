// Private to the native room: how two tables are walked side by side. Both are cut into the same number of ranges of blocks. A range
// of one table is read, then that of the other, so that rows at about the same place in both meet soon.
#pragma once

#include <algorithm>
#include <cstdint>

namespace datasurface::native {

struct Range {
    std::uint32_t first;
    std::uint32_t blocks;
};

struct Ranges {
    std::uint32_t staging_blocks;
    std::uint32_t merge_blocks;

    // The entries of a range should fit into a processor's cache: 64 blocks hold some 5,000 rows.
    std::uint32_t count() const { return std::max({staging_blocks, merge_blocks, 64U}) / 64U; }

    // One process takes neighbouring ranges, so that rows that lie a little apart still meet in it.
    static constexpr std::uint32_t ranges_of_a_unit = 64;
    std::uint32_t units() const { return (count() + ranges_of_a_unit - 1) / ranges_of_a_unit; }
    std::uint32_t end_of_unit(std::uint32_t unit) const { return std::min(count(), (unit + 1) * ranges_of_a_unit); }

    Range staging(std::uint32_t range) const { return cut(staging_blocks, range); }
    Range merge(std::uint32_t range) const { return cut(merge_blocks, range); }

private:
    Range cut(std::uint64_t blocks, std::uint64_t range) const
    {
        auto const first = static_cast<std::uint32_t>(blocks * range / count());
        return {first, static_cast<std::uint32_t>(blocks * (range + 1) / count()) - first};
    }
};

} // namespace datasurface::native
