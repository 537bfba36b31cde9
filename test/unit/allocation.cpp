#include "allocation.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

// Plain data: operator new is called before anything is constructed. The tests have one thread.
long failing_at = 0;
long calls = 0;
std::size_t bytes = 0;
std::size_t most = 0;

void *take(std::size_t size)
{
    if (failing_at > 0 && ++calls >= failing_at)
        return nullptr;
    void *const memory = std::malloc(std::max<std::size_t>(size, 1));
    if (memory != nullptr)
        bytes += malloc_usable_size(memory);
    most = std::max(most, bytes);
    return memory;
}

void give(void *memory)
{
    if (memory != nullptr)
        bytes -= malloc_usable_size(memory);
    std::free(memory);
}

} // namespace

namespace datasurface::allocation {

void fail_at(long n)
{
    failing_at = n;
    calls = 0;
}

bool has_failed()
{
    return failing_at > 0 && calls >= failing_at;
}

std::size_t live()
{
    return bytes;
}

std::size_t peak()
{
    return most;
}

void forget_peak()
{
    most = bytes;
}

} // namespace datasurface::allocation

void *operator new(std::size_t size)
{
    void *const memory = take(size);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

void *operator new(std::size_t size, const std::nothrow_t &) noexcept
{
    return take(size);
}

void operator delete(void *memory) noexcept
{
    give(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
    give(memory);
}

void operator delete(void *memory, const std::nothrow_t &) noexcept
{
    give(memory);
}
