// Private to the native room: PostgreSQL's sort, of places of rows.
#pragma once

#include <cstdint>

#include "pg/boundary.hpp"

extern "C" {
#include "utils/tuplesort.h"
}

namespace datasurface::native {

constexpr int places_at_once = 4096;

Tuplesortstate *begin_sort(std::size_t memory); // bytes
void put_places(Tuplesortstate *sort, const std::uint64_t *places, std::size_t count);
// At most places_at_once; 0: that was all.
std::size_t get_places(Tuplesortstate *sort, std::uint64_t *places);

} // namespace datasurface::native
