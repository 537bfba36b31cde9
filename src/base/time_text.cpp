#include "base/time_text.hpp"

#include <chrono>
#include <cstdio>

namespace datasurface {

std::string time_text(std::int64_t microseconds)
{
    using namespace std::chrono;
    constexpr std::int64_t first = INT64_C(-210'866'803'200'000'000); // of PostgreSQL's
    if (microseconds < first)
        return "-infinity";
    sys_time<std::chrono::microseconds> const time{std::chrono::microseconds(microseconds)};
    auto const day = floor<days>(time);
    year_month_day const date(day);
    hh_mm_ss<std::chrono::microseconds> const clock(time - day);
    int const year = static_cast<int>(date.year());
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%06d+00%s", year > 0 ? year : 1 - year,
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()),
                  year > 0 ? "" : " BC");
    return text;
}

} // namespace datasurface
