// Private to the native room: reads the staged rows that may have the key of another one, and compares their keys.
#pragma once

#include "heap/scan.hpp"

namespace datasurface::native {

// A row whose key digest is among those that are staged more than once.
struct Suspect {
    std::uint64_t key;
    std::uint64_t place;
    std::int64_t arrival; // any number: a client that stages rows may set it
    bool replaced;        // by a later row of the same key
};

struct Suspects { // plain
    Suspect *rows;
    std::uint64_t count;
    std::uint64_t capacity;
};

// The key digests of those rows whose key is in the merge table. Returns their number.
int digests_of_known(const heap::Tables &tables, const heap::Digester &digester, const std::uint64_t *places, int count,
                     std::uint64_t *digests);

void read_arrivals(const heap::Tables &tables, Suspects &suspects);

// Marks the rows that a later row of the same key replaces. Different keys may have one digest: one row of each key stays.
// The suspects are in order: rows of one digest are together, the last to arrive first.
void mark_replaced(const heap::Tables &tables, Suspects &suspects);

} // namespace datasurface::native
