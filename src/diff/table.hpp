// The entries that wait, by key digest: a flat array with open addressing. A key digest of 0 marks an empty slot. What is
// taken out leaves no mark behind: the entries after it move up, so that a table through which millions of rows have passed
// is as good as a new one.
//
// Probe length is mispredicted, so a sparse table is faster: half of the slots, and three quarters of those of a small table,
// stay empty while the budget allows it. Above a load of 11/16, probes would become long.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "diff/caller.hpp"
#include "diff/entry.hpp"

namespace datasurface::diff {

class Table {
public:
    // A table for so many entries, or for as many as the budget in bytes allows. There are always some slots.
    Table(Memory &memory, std::size_t budget, std::uint64_t expected);
    Table(const Table &) = delete;
    Table &operator=(const Table &) = delete;

    // To the cache, from where find will want it.
    void prefetch(std::uint64_t key) const { __builtin_prefetch(slots_ + (key & mask_), 1); }

    // The entry of that key, or the empty slot where it belongs.
    Entry *find(std::uint64_t key)
    {
        std::size_t index = key & mask_;
        while (slots_[index].key != key && slots_[index].key != 0)
            index = (index + 1) & mask_;
        return slots_ + index;
    }

    // Into the empty slot that find gave. Afterwards look whether the table is full.
    void put(Entry *slot, const Entry &entry, std::uint64_t key)
    {
        *slot = entry;
        slot->key = key;
        ++waiting_;
    }

    void take_out(Entry *slot);

    bool is_full() const { return waiting_ >= room_; }

    // false: it holds as many entries as it can, and old and new together would be above the budget.
    bool grow(std::size_t budget);
    void grow_when_empty(std::size_t budget); // as far as it allows, there being nothing to keep
    void shrink();                            // when empty: to the least there is
    void release();

    // Takes everything out, and hands each entry to visit.
    template <class Visit>
    void drain(Visit visit)
    {
        for (std::size_t begin = 0; begin < count_; begin += piece) {
            memory_.poll();
            for (Entry *slot = slots_ + begin, *end = slots_ + std::min(count_, begin + piece); slot < end; ++slot) {
                if (slot->key == 0)
                    continue;
                visit(*slot);
                slot->key = 0;
            }
        }
        waiting_ = 0;
    }

private:
    static constexpr std::size_t smallest = 64;  // slots
    static constexpr std::size_t cached = 32768; // slots of a table that stays in the cache: 1 MB
    static constexpr std::size_t piece = 4096;   // slots between two looks whether it is to end

    void make(std::size_t count);
    static std::size_t roomy(std::size_t count) { return count <= cached ? count / 4 : count / 2; }
    static std::size_t tight(std::size_t count) { return count / 16 * 11; }

    Memory &memory_;
    void *allocated_ = nullptr; // what the slots lie in
    Entry *slots_ = nullptr;    // at the beginning of a cache line
    std::size_t count_ = 0;     // a power of two
    std::size_t mask_ = 0;      // the lowest bits of a key digest say which slot
    std::size_t room_ = 0;      // entries until it is full
    std::size_t waiting_ = 0;
};

inline void Table::take_out(Entry *slot)
{
    std::size_t hole = static_cast<std::size_t>(slot - slots_);
    for (std::size_t next = (hole + 1) & mask_; slots_[next].key != 0; next = (next + 1) & mask_) {
        std::size_t const home = slots_[next].key & mask_;
        if (((next - home) & mask_) < ((next - hole) & mask_))
            continue; // its search begins behind the hole
        slots_[hole] = slots_[next];
        hole = next;
    }
    slots_[hole].key = 0;
    --waiting_;
}

} // namespace datasurface::diff
