#include "diff/known.hpp"

#include <algorithm>

namespace datasurface::diff {

namespace {

constexpr std::size_t ahead = 64; // entries whose slots are prefetched together

} // namespace

inline bool Known::put(Entry *slot, const Entry &entry, std::uint64_t key)
{
    table_.put(slot, entry, key);
    return !table_.is_full() || table_.grow(budget_);
}

bool Known::add(const Entry *entries, std::size_t count)
{
    for (std::size_t first = 0; first < count; first += ahead) {
        std::size_t const end = std::min(first + ahead, count);
        for (std::size_t i = first; i < end; ++i)
            table_.prefetch(key_of(entries[i].key));
        for (std::size_t i = first; i < end; ++i) {
            std::uint64_t const key = key_of(entries[i].key);
            Entry *const slot = table_.find(key);
            if (slot->key != 0 || !put(slot, entries[i], key))
                return false;
        }
    }
    return true;
}

inline bool Known::meet_one(const Entry &entry, Met &met)
{
    std::uint64_t const key = key_of(entry.key);
    Entry *const slot = table_.find(key);
    if (slot->key == 0) {
        met = {Meeting::inserted, 0};
        return put(slot, entry, key);
    }
    if (!is_merged(*slot)) {
        met = {Meeting::twice, 0};
        return true;
    }
    bool const same = slot->row[0] == entry.row[0] && slot->row[1] == entry.row[1];
    met = {same ? Meeting::unchanged : Meeting::changed, place_of(*slot)};
    slot->place = place_of(*slot);
    return true;
}

bool Known::meet(const Entry *entries, std::size_t count, Met *met)
{
    for (std::size_t first = 0; first < count; first += ahead) {
        std::size_t const end = std::min(first + ahead, count);
        for (std::size_t i = first; i < end; ++i)
            table_.prefetch(key_of(entries[i].key));
        for (std::size_t i = first; i < end; ++i)
            if (!meet_one(entries[i], met[i]))
                return false;
    }
    return true;
}

void Known::finish(Tape<std::uint64_t> &unmet)
{
    table_.drain([&](const Entry &entry) {
        if (is_merged(entry))
            unmet.append(place_of(entry));
    });
    table_.release();
}

} // namespace datasurface::diff
