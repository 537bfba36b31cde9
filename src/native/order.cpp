#include "native/order.hpp"

#include "native/order_raising.hpp"

namespace datasurface::native {

namespace {

bool is_in_order(diff::Tape<std::uint64_t> &places)
{
    std::uint64_t items[places_at_once];
    std::uint64_t before = 0;
    places.rewind();
    while (std::size_t const count = places.read(items, places_at_once))
        for (std::size_t i = 0; i < count; ++i) {
            if (items[i] < before)
                return false;
            before = items[i];
        }
    return true;
}

} // namespace

void put_in_order(diff::Tape<std::uint64_t> &places, std::size_t memory)
{
    if (is_in_order(places))
        return;
    Tuplesortstate *const sort = pg::call([&] { return begin_sort(memory); });
    std::uint64_t items[places_at_once];
    places.rewind();
    while (std::size_t const count = places.read(items, places_at_once))
        pg::call([&] { put_places(sort, items, count); });
    places.clear();
    pg::call([&] { tuplesort_performsort(sort); });
    while (std::size_t const count = pg::call([&] { return get_places(sort, items); }))
        for (std::size_t i = 0; i < count; ++i)
            places.append(items[i]);
    pg::call([&] { tuplesort_end(sort); });
}

} // namespace datasurface::native
