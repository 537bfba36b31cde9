#include "native/order_raising.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
}

namespace datasurface::native {

Tuplesortstate *begin_sort(std::size_t memory)
{
    auto const kilobytes = static_cast<int>(memory / 1024);
    return tuplesort_begin_datum(INT8OID, Int8LessOperator, InvalidOid, false, kilobytes, nullptr, TUPLESORT_NONE);
}

void put_places(Tuplesortstate *sort, const std::uint64_t *places, std::size_t count)
{
    CHECK_FOR_INTERRUPTS();
    for (std::size_t i = 0; i < count; ++i)
        tuplesort_putdatum(sort, UInt64GetDatum(places[i]), false);
}

std::size_t get_places(Tuplesortstate *sort, std::uint64_t *places)
{
    CHECK_FOR_INTERRUPTS();
    std::size_t count = 0;
    Datum datum = 0;
    bool null = false;
    while (count < places_at_once && pg::tuplesort_getdatum(sort, &datum, &null))
        places[count++] = DatumGetUInt64(datum);
    return count;
}

} // namespace datasurface::native
