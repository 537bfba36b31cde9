// Private to the native room: finds the staged rows that a later row of the same key replaces, for plans that keep the last.
#pragma once

#include "diff/tape.hpp"
#include "heap/scan.hpp"
#include "native/caller.hpp"

namespace datasurface::native {

// Adds the key digests of staged rows that met no row of the merge table although their key is there. Another staged row of the
// same key has met it.
void find_met_before(const heap::Tables &tables, std::uint64_t seed, diff::Tape<std::uint64_t> &inserted,
                     diff::Tape<std::uint64_t> &key_digests);

struct Duplicates {
    heap::LeftOut left_out;
    bool too_many; // for the memory: the search was given up
};

// key_digests: of the keys that are staged more than once, made with the same seed. budget: bytes.
Duplicates find_duplicates(const heap::Tables &tables, std::uint64_t seed, diff::Tape<std::uint64_t> &key_digests,
                           ServerMemory &memory, std::size_t budget);

} // namespace datasurface::native
