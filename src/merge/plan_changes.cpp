#include "merge/plan_changes.hpp"

#include <array>
#include <cstdio>

namespace datasurface::merge {

std::string ChangesDigest::text() const
{
    std::array<char, 33> text{};
    (void)std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(high),
                        static_cast<unsigned long long>(low));
    return text.data();
}

} // namespace datasurface::merge
