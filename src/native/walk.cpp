#include "native/walk.hpp"

namespace datasurface::native {

namespace {

constexpr int batch_rows = 512;

} // namespace

void read(heap::Scan &scan, Range range, diff::Join &join)
{
    if (range.blocks == 0)
        return;
    pg::call([&] { heap::begin_range(scan, range.first, range.blocks); });
    diff::Entry entries[batch_rows];
    for (;;) {
        int const filled = pg::call([&] { return heap::next_entries(scan, entries, batch_rows); });
        if (filled == 0)
            return;
        join.add(entries, static_cast<std::size_t>(filled));
    }
}

std::uint32_t walk_range(const Walk &walk, std::uint32_t range, diff::Join &join)
{
    Range const staging = walk.ranges.staging(range);
    Range const merge = walk.ranges.merge(range);
    read(*walk.staging, staging, join);
    read(*walk.merge, merge, join);
    return staging.blocks + merge.blocks;
}

} // namespace datasurface::native
