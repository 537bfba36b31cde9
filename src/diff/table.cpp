#include "diff/table.hpp"

#include <bit>
#include <cstring>

namespace datasurface::diff {

namespace {

constexpr std::size_t line = 64;                // bytes of a cache line
constexpr std::size_t zeroed_at_once = 1 << 20; // bytes; new pages make zeroing slow

} // namespace

Table::Table(Memory &memory, std::size_t budget, std::uint64_t expected) : memory_(memory)
{
    std::uint64_t const affordable = budget / sizeof(Entry);
    std::size_t count = smallest;
    while (roomy(count) <= expected && count * 2 <= affordable)
        count *= 2;
    make(count);
}

void Table::make(std::size_t count)
{
    std::size_t const bytes = count * sizeof(Entry);
    allocated_ = memory_.allocate(bytes + line);
    auto const address = reinterpret_cast<std::uintptr_t>(allocated_);
    auto *const begin = static_cast<char *>(allocated_) + ((line - address % line) % line);
    for (std::size_t done = 0; done < bytes; done += zeroed_at_once) {
        memory_.poll();
        std::memset(begin + done, 0, std::min(zeroed_at_once, bytes - done));
    }
    slots_ = reinterpret_cast<Entry *>(begin);
    count_ = count;
    mask_ = count - 1;
    room_ = roomy(count);
}

bool Table::grow(std::size_t budget)
{
    if (count_ > budget / sizeof(Entry) / 3) {
        bool const was_roomy = room_ < tight(count_);
        room_ = tight(count_);
        return was_roomy;
    }
    void *const old = allocated_;
    Entry *const begin = slots_;
    std::size_t const count = count_;
    make(count * 2);
    for (std::size_t done = 0; done < count; ++done) {
        if (done % piece == 0)
            memory_.poll();
        if (begin[done].key != 0)
            *find(begin[done].key) = begin[done];
    }
    memory_.release(old);
    return true;
}

void Table::grow_when_empty(std::size_t budget)
{
    std::size_t const affordable = std::bit_floor(budget / sizeof(Entry));
    if (affordable <= count_)
        return;
    release();
    make(affordable);
}

void Table::shrink()
{
    release();
    make(smallest);
}

void Table::release()
{
    memory_.release(allocated_);
    allocated_ = nullptr;
    slots_ = nullptr;
    count_ = 0;
}

} // namespace datasurface::diff
