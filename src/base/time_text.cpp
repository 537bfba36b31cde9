#include "base/time_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace datasurface {

std::string time_text(std::int64_t microseconds)
{
    using namespace std::chrono;
    constexpr std::int64_t year_one = INT64_C(-62'135'596'800'000'000);
    sys_time<std::chrono::microseconds> const time{std::chrono::microseconds(std::max(microseconds, year_one))};
    auto const day = floor<days>(time);
    year_month_day const date(day);
    hh_mm_ss<std::chrono::microseconds> const clock(time - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%06d+00", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text;
}

} // namespace datasurface
