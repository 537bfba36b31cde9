// Within the rooms heap and native: the digests of a row, and its comparison by value.
//
// A row's digest is that of its payload as a heap tuple holds it. Staging and merge table hold equal payloads in equal
// bytes, behind 8 bytes of system columns, so in the ordinary case the bytes on the page are digested as they lie there.
// Rows with values stored elsewhere, rows older than a column, and all rows of tables whose columns lie differently are
// formed again, with the bytes that an ordinary row has. Equal digests mean equal rows. Rows with different digests have to be
// compared by value: one may be compressed where the other is not.
#pragma once

#include "diff/entry.hpp"
#include "heap/tables.hpp"

extern "C" {
#include "access/htup_details.h"
#include "executor/tuptable.h"
}

namespace datasurface::heap {

struct Digester; // of one table; PostgreSQL's regime

Digester *make_digester(const Tables &tables, const Table &table, std::uint64_t seed);

// Sets the digests of a row of the table, but not its place. False when the key holds a NULL: then only the row's digest is set.
// It allocates in the current memory context, which is to be reset after a batch of rows, and sooner when it holds most_scratch bytes:
// values stored elsewhere are fetched whole.
constexpr Size most_scratch = 1024 * 1024;
bool digest(const Digester &digester, HeapTuple tuple, diff::Entry &entry);

// Compare rows by value. All attributes of their slots must have been fetched.
bool same_key(const Tables &tables, const Table &one, const TupleTableSlot *row, const Table &other,
              const TupleTableSlot *other_row);
bool same_image(const Tables &tables, const TupleTableSlot *staged, const TupleTableSlot *merged);

} // namespace datasurface::heap
