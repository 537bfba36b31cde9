// Lengths of time, as PostgreSQL writes them in settings.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace datasurface::model {

inline constexpr std::int64_t longest_duration = INT64_C(1'000'000) * 86'400'000; // a million days

// Of a whole number and a unit (ms, s, min, h or d), such as "30min". "0" needs no unit. In milliseconds, and never more than
// longest_duration. Nothing if it is none.
std::optional<std::int64_t> milliseconds(std::string_view duration);

} // namespace datasurface::model
