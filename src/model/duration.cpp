#include "model/duration.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace datasurface::model {

std::optional<std::int64_t> milliseconds(std::string_view duration)
{
    constexpr std::pair<std::string_view, std::int64_t> units[] = {{"ms", 1},
                                                                   {"s", 1000},
                                                                   {"min", 60'000},
                                                                   {"h", 3'600'000},
                                                                   {"d", 86'400'000}};
    if (duration == "0")
        return 0;
    std::size_t const digits = std::min(duration.find_first_not_of("0123456789"), duration.size());
    if (digits == 0)
        return std::nullopt;
    std::string_view unit = duration.substr(digits);
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    for (const auto &[name, length] : units) {
        if (unit != name)
            continue;
        std::int64_t number = 0;
        bool const fits = std::from_chars(duration.data(), duration.data() + digits, number).ec == std::errc();
        return fits && number <= longest_duration / length ? number * length : longest_duration;
    }
    return std::nullopt;
}

} // namespace datasurface::model
