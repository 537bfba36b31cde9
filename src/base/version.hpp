// The version of this library. datasurface.control has it too, and a lint compares the two.
// The file name has the first two numbers only: versions that share them have the same functions and catalogs.
#pragma once

namespace datasurface {

inline constexpr char version[] = "0.2.0";
inline constexpr char library_name[] = "datasurface-0.2";

} // namespace datasurface
