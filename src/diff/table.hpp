// The waiting entries by key digest: a hash table with linear probing. A key digest of 0 marks an empty slot. When an entry is
// taken out, the entries after it move up, so no slot is marked as deleted, and probes stay short however many entries come and
// go.
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
    // A table for the expected entries, or for as many as the budget in bytes allows, but at least `smallest` slots.
    Table(Memory &memory, std::size_t budget, std::uint64_t expected);
    Table(const Table &) = delete;
    Table &operator=(const Table &) = delete;

    // Loads the slot into the cache, before find() needs it.
    void prefetch(std::uint64_t key) const { __builtin_prefetch(slots_ + (key & mask_), 1); }

    // The entry of that key, or the empty slot where it belongs.
    Entry *find(std::uint64_t key)
    {
        std::size_t index = key & mask_;
        while (slots_[index].key != key && slots_[index].key != 0)
            index = (index + 1) & mask_;
        return slots_ + index;
    }

    // Puts the entry into the empty slot that find() returned. The caller then calls grow() if is_full().
    void put(Entry *slot, const Entry &entry, std::uint64_t key)
    {
        *slot = entry;
        slot->key = key;
        ++waiting_;
    }

    void take_out(Entry *slot);

    bool is_empty() const { return waiting_ == 0; }
    bool is_full() const { return waiting_ >= room_; }

    // Makes room. False when the table is as full as it may be, and the old and a larger table together exceed the budget.
    bool grow(std::size_t budget);
    void grow_when_empty(std::size_t budget); // to the largest size within the budget
    void shrink();                            // when empty: to `smallest`
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
    static constexpr std::size_t cached = 32768; // slots of a table that fits into the cache: 1 MB
    static constexpr std::size_t piece = 4096;   // slots between two polls

    void make(std::size_t count);
    static std::size_t roomy(std::size_t count) { return count <= cached ? count / 4 : count / 2; }
    static std::size_t tight(std::size_t count) { return count / 16 * 11; }

    Memory &memory_;
    void *allocated_ = nullptr; // the memory that holds the slots
    Entry *slots_ = nullptr;    // aligned to a cache line
    std::size_t count_ = 0;     // a power of two
    std::size_t mask_ = 0;      // selects the low bits of a key digest, which give the slot
    std::size_t room_ = 0;      // entries until it is full
    std::size_t waiting_ = 0;
};

inline void Table::take_out(Entry *slot)
{
    std::size_t hole = static_cast<std::size_t>(slot - slots_);
    for (std::size_t next = (hole + 1) & mask_; slots_[next].key != 0; next = (next + 1) & mask_) {
        std::size_t const home = slots_[next].key & mask_;
        if (((next - home) & mask_) < ((next - hole) & mask_))
            continue; // its probe starts after the hole
        slots_[hole] = slots_[next];
        hole = next;
    }
    slots_[hole].key = 0;
    --waiting_;
}

} // namespace datasurface::diff
