#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace datasurface {

// Text of at most `size` bytes as it is; of a longer one what fits, in whole UTF-8 characters, and a mark that says so.
inline std::string cut(const std::string &text, std::size_t size)
{
    constexpr std::string_view mark = " ... (cut)";
    if (text.size() <= size)
        return text;
    std::size_t end = size - mark.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end).append(mark);
}

// 1 row, 2 rows
inline std::string counted(std::int64_t count, const std::string &one, const std::string &many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace datasurface
