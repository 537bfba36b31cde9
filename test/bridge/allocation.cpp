// Steers test/preload/fail_allocation.cpp, where the server was started with it.
#include <dlfcn.h>

#include "pg/entry.hpp"

namespace {

template <typename Function>
Function *find(const char *name)
{
    return reinterpret_cast<Function *>(dlsym(RTLD_DEFAULT, name));
}

} // namespace

// The n-th allocation of C++ from here on fails; 0: none. Returns how many there were since the last call of this.
DATASURFACE_FUNCTION(bridge_fail_allocation)
{
    auto *const count = find<long()>("datasurface_allocations");
    auto *const fail = find<void(long)>("datasurface_fail_allocation");
    if (count == nullptr || fail == nullptr)
        return call.returns({});
    std::int64_t const taken = count();
    long const n = call.integer(0, "n");
    Datum const result = call.returns(taken);
    fail(n);
    return result;
}

DATASURFACE_FUNCTION(bridge_live_allocations)
{
    auto *const live = find<long()>("datasurface_live_allocations");
    return live == nullptr ? call.returns({}) : call.returns(static_cast<std::int64_t>(live()));
}
