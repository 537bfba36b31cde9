#include "merge/plan_changes.hpp"

#include <array>
#include <cstdio>

namespace datasurface::merge {

std::string ChangesDigest::text(std::uint64_t seed) const
{
    std::array<char, 49> text{};
    (void)std::snprintf(text.data(), text.size(), "%016llx%016llx%016llx", static_cast<unsigned long long>(seed),
                        static_cast<unsigned long long>(high), static_cast<unsigned long long>(low));
    return text.data();
}

std::uint64_t seed_of(const std::string &digest)
{
    return std::stoull(digest.substr(0, 16), nullptr, 16);
}

} // namespace datasurface::merge
