// Within the room heap: fills a staging table with rows that arrive.
#pragma once

#include "heap/arriving.hpp"
#include "heap/tables.hpp"

namespace datasurface::heap {

struct Filler;

// PostgreSQL's regime. Returns nullptr when the table needs an INSERT.
Filler *begin_filling(const shape::Shape &shape);
// places: of these rows in the table; or nullptr.
void fill_rows(Filler &filler, const ArrivingRows &rows, std::uint64_t *places);
merge::Staged end_filling(Filler &filler);

} // namespace datasurface::heap
