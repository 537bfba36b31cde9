#include "native/order.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "utils/tuplesort.h"
}

namespace datasurface::native {

namespace {

constexpr int batch = 4096;

Tuplesortstate *begin(std::size_t memory)
{
    auto const kilobytes = static_cast<int>(memory / 1024);
    return tuplesort_begin_datum(INT8OID, Int8LessOperator, InvalidOid, false, kilobytes, nullptr, TUPLESORT_NONE);
}

void put(Tuplesortstate *sort, const std::uint64_t *places, std::size_t count)
{
    CHECK_FOR_INTERRUPTS();
    for (std::size_t i = 0; i < count; ++i)
        tuplesort_putdatum(sort, UInt64GetDatum(places[i]), false);
}

std::size_t get(Tuplesortstate *sort, std::uint64_t *places)
{
    CHECK_FOR_INTERRUPTS();
    std::size_t count = 0;
    Datum datum = 0;
    bool null = false;
    while (count < batch && pg::tuplesort_getdatum(sort, &datum, &null))
        places[count++] = DatumGetUInt64(datum);
    return count;
}

} // namespace

void put_in_order(diff::Tape<std::uint64_t> &places, std::size_t memory)
{
    if (places.size() < 2)
        return;
    Tuplesortstate *const sort = pg::call([&] { return begin(memory); });
    std::uint64_t items[batch];
    places.rewind();
    while (std::size_t const count = places.read(items, batch))
        pg::call([&] { put(sort, items, count); });
    places.clear();
    pg::call([&] { tuplesort_performsort(sort); });
    while (std::size_t const count = pg::call([&] { return get(sort, items); }))
        for (std::size_t i = 0; i < count; ++i)
            places.append(items[i]);
    pg::call([&] { tuplesort_end(sort); });
}

} // namespace datasurface::native
