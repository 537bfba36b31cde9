// Private to the native room: sums up the digests of rows that a merge changes.
#pragma once

#include <cstdint>

#include "heap/row_digest.hpp"
#include "heap/tables.hpp"
#include "merge/plan_changes.hpp"

namespace datasurface::native {

// The rows of one table, digested one by one. Plain.
struct Reader {
    const heap::Table *table;
    Snapshot snapshot;
    heap::Side side;
    heap::RowDigester *digester;
    Datum *values; // of all attributes
    bool *nulls;
};

Reader *begin_reading(const heap::Tables &tables, const heap::Table &table, heap::Side side, std::uint64_t seed);

// places: ascending, so that a page is read once. Raises XX000 if the snapshot does not see one of the rows, which cannot be.
void add_rows(merge::ChangesDigest &sum, Reader &reader, const std::uint64_t *places, std::size_t count);
// Of a staging table: all rows that arrived up to last_arrival.
void add_all_staged(merge::ChangesDigest &sum, Reader &reader, std::int64_t last_arrival);

} // namespace datasurface::native
