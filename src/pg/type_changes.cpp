#include "pg/type_changes.hpp"

#include <array>

#include "pg/boundary.hpp"

extern "C" {
#include "utils/inval.h"
#include "utils/syscache.h"
}

namespace datasurface::pg {

namespace {

// A counter serves all types whose hash values have the same remainder. So counting needs no memory, and cannot fail.
constexpr std::size_t counter_count = 4096;
std::array<std::uint64_t, counter_count> counters{};
std::uint64_t of_every_type = 0;
std::uint64_t all = 0;

void count_type(Datum, int, uint32 hash)
{
    all++;
    (hash == 0 ? of_every_type : counters[hash % counter_count])++; // 0: any type may have changed
}

void count_other(Datum, int, uint32)
{
    all++;
    of_every_type++;
}

void begin_counting()
{
    static bool counting = false;
    if (counting)
        return;
    call([] {
        CacheRegisterSyscacheCallback(TYPEOID, count_type, 0);
        for (int const cache : {NAMESPACEOID, CLAOID, OPEROID, AUTHOID, AUTHMEMROLEMEM})
            CacheRegisterSyscacheCallback(cache, count_other, 0);
    });
    counting = true;
}

} // namespace

std::uint64_t changes_of_types(const std::vector<std::uint32_t> &hashes)
{
    begin_counting();
    std::uint64_t changes = of_every_type;
    for (std::uint32_t const hash : hashes)
        changes += counters[hash % counter_count];
    return changes;
}

std::uint64_t changes_of_all_types()
{
    begin_counting();
    return all;
}

} // namespace datasurface::pg
