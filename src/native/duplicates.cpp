#include "native/duplicates.hpp"

#include <algorithm>

#include "heap/image.hpp"
#include "native/duplicates_raising.hpp"

extern "C" {
#include "storage/bufmgr.h"
}

namespace datasurface::native {

namespace {

constexpr int batch = 256;
constexpr std::uint64_t most = 500'000; // rows that are sorted at once; a sort cannot be interrupted

std::uint64_t *sorted(diff::Tape<std::uint64_t> &digests, ServerMemory &memory)
{
    auto *const all = static_cast<std::uint64_t *>(memory.allocate(sizeof(std::uint64_t) * digests.size()));
    digests.rewind();
    std::size_t filled = 0;
    while (std::size_t const count = digests.read(all + filled, digests.size() - filled))
        filled += count;
    std::sort(all, all + filled);
    return all;
}

bool add(Suspects &suspects, const diff::Entry &entry)
{
    if (suspects.count == suspects.capacity)
        return false;
    suspects.rows[suspects.count++] = {entry.key, diff::place_of(entry), 0, false};
    return true;
}

// Collects the rows whose key has one of the digests. False when there is no room for all.
bool collect(const heap::Tables &tables, std::uint64_t seed, const std::uint64_t *digests, std::uint64_t count,
             Suspects &suspects)
{
    heap::Scan *const scan = pg::call([&] {
        heap::Scan *const begun = heap::begin_scan(tables, tables.staging, seed, {nullptr, 0});
        heap::begin_range(*begun, 0, RelationGetNumberOfBlocks(tables.staging.relation));
        return begun;
    });
    diff::Entry entries[batch];
    bool all = true;
    while (int const filled = all ? pg::call([&] { return heap::next_entries(*scan, entries, batch); }) : 0)
        for (int i = 0; i < filled; ++i)
            if (std::binary_search(digests, digests + count, diff::key_of(entries[i].key)))
                all = all && add(suspects, entries[i]);
    pg::call([&] { heap::end_scan(*scan); });
    return all;
}

// Orders by key digest; of one digest the last to arrive comes first.
bool comes_first(const Suspect &one, const Suspect &other)
{
    if (one.key != other.key)
        return one.key < other.key;
    if (one.arrival != other.arrival)
        return one.arrival > other.arrival;
    return one.place > other.place;
}

heap::LeftOut replaced_places(const Suspects &suspects, ServerMemory &memory)
{
    auto *const places = static_cast<std::uint64_t *>(memory.allocate(sizeof(std::uint64_t) * (suspects.count + 1)));
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < suspects.count; ++i)
        if (suspects.rows[i].replaced)
            places[count++] = suspects.rows[i].place;
    std::sort(places, places + count);
    return {places, count};
}

} // namespace

void find_met_before(const heap::Tables &tables, std::uint64_t seed, diff::Tape<std::uint64_t> &inserted,
                     diff::Tape<std::uint64_t> &key_digests)
{
    if (inserted.size() == 0)
        return;
    heap::Digester *const digester = pg::call([&] {
        MemoryContext const old = MemoryContextSwitchTo(tables.context);
        heap::Digester *const made = heap::make_digester(tables, tables.staging, seed);
        MemoryContextSwitchTo(old);
        return made;
    });
    std::uint64_t places[batch], digests[batch];
    inserted.rewind();
    while (std::size_t const count = inserted.read(places, batch)) {
        int const known =
            pg::call([&] { return digests_of_known(tables, *digester, places, static_cast<int>(count), digests); });
        for (int i = 0; i < known; ++i)
            key_digests.append(digests[i]);
    }
}

Duplicates find_duplicates(const heap::Tables &tables, std::uint64_t seed, diff::Tape<std::uint64_t> &key_digests,
                           ServerMemory &memory, std::size_t budget)
{
    if (key_digests.size() > std::min<std::uint64_t>(most, budget / 4 / sizeof(std::uint64_t)))
        return {{nullptr, 0}, true};
    std::uint64_t *const digests = sorted(key_digests, memory);
    Suspects suspects{nullptr, 0, std::min<std::uint64_t>(most, budget / 4 / sizeof(Suspect))};
    suspects.rows = static_cast<Suspect *>(memory.allocate(suspects.capacity * sizeof(Suspect)));
    if (!collect(tables, seed, digests, key_digests.size(), suspects))
        return {{nullptr, 0}, true};
    pg::call([&] { read_arrivals(tables, suspects); });
    std::sort(suspects.rows, suspects.rows + suspects.count, comes_first);
    pg::call([&] { mark_replaced(tables, suspects); });
    heap::LeftOut const left_out = replaced_places(suspects, memory);
    memory.release(suspects.rows);
    memory.release(digests);
    return {left_out, false};
}

} // namespace datasurface::native
