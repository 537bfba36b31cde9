#include "model/watermark.hpp"

#include <charconv>

#include "model/duration.hpp"

namespace datasurface::model {

std::int64_t overlap_of(const Watermark &watermark)
{
    if (is_time(watermark.type))
        return milliseconds(watermark.overlap).value_or(0) * 1000;
    std::int64_t number = 0;
    (void)std::from_chars(watermark.overlap.data(), watermark.overlap.data() + watermark.overlap.size(), number);
    return number;
}

std::int64_t full_every(const Watermark &watermark)
{
    return milliseconds(watermark.full_every).value_or(0);
}

} // namespace datasurface::model
