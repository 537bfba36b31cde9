// Private to the native room, PostgreSQL's regime: digests of rows that arrive.
#pragma once

#include "diff/entry.hpp"
#include "heap/arriving.hpp"
#include "heap/tables.hpp"

namespace datasurface::native {

struct Receiver;

// Why rows cannot be received, as of a table; nullptr when they can.
const char *unfit_to_receive(const heap::Tables &tables);

Receiver *begin_receiving(const heap::Tables &tables, std::uint64_t seed);
// Fills an entry for each row, without a place. False when the key of one holds a NULL.
bool digest_rows(Receiver &receiver, const heap::ArrivingRows &rows, diff::Entry *entries);

} // namespace datasurface::native
