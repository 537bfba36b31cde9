// The version of this library. datasurface.control says it too, and a lint compares the two.
// The file's name has the first two numbers only: versions that share them differ in neither functions nor catalogs.
#pragma once

namespace datasurface {

inline constexpr char version[] = "0.2.0";
inline constexpr char library_name[] = "datasurface-0.2";

} // namespace datasurface
