#pragma once

#include <cstdint>
#include <string>

namespace datasurface {

// 1 row, 2 rows
inline std::string counted(std::int64_t count, const std::string &one, const std::string &many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace datasurface
