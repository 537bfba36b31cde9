// For a test server, by LD_PRELOAD: makes an allocation of C++ fail, that of the standard library's own calls too, and counts
// what is live. Nothing happens until a function of the bridge asks for it.
#include <cstdlib>
#include <cstring>
#include <new>

#include <dlfcn.h>

namespace {

// Plain data: operator new is called before anything is constructed. A backend has one thread.
long fails_at = 0; // counted from when it was set; 0: never
long taken = 0;
long live = 0;

bool fails()
{
    ++taken;
    return fails_at != 0 && taken == fails_at;
}

void *take(std::size_t size)
{
    if (fails())
        return nullptr;
    void *const memory = std::malloc(size == 0 ? 1 : size);
    if (memory != nullptr)
        ++live;
    return memory;
}

void give(void *memory)
{
    if (memory != nullptr)
        --live;
    std::free(memory);
}

bool is_ours(void *address)
{
    Dl_info info;
    return dladdr(address, &info) != 0 && std::strstr(info.dli_fname, "/datasurface-") != nullptr;
}

} // namespace

extern "C" {

void datasurface_fail_allocation(long n)
{
    fails_at = n;
    taken = 0;
}

long datasurface_allocations()
{
    return taken;
}

long datasurface_live_allocations()
{
    return live;
}

// The doors copy an error's texts by it, where C++ must not throw.
char *strdup(const char *text)
{
    if (is_ours(__builtin_return_address(0)) && fails())
        return nullptr;
    std::size_t const size = std::strlen(text) + 1;
    void *const copy = std::malloc(size);
    return static_cast<char *>(copy == nullptr ? nullptr : std::memcpy(copy, text, size));
}
}

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
