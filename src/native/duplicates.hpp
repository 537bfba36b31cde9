// Private to the native room: of staged rows with one key, all but the last to arrive are left out, where the dataset's policy
// is that.
#pragma once

#include "diff/tape.hpp"
#include "heap/scan.hpp"
#include "native/caller.hpp"

namespace datasurface::native {

// A row that is new by its digest, but whose key the merge table has: an earlier one of the same key has met it. Adds the
// key digests of such rows.
void find_met_before(const heap::Tables &tables, std::uint64_t seed, diff::Tape<std::uint64_t> &inserted,
                     diff::Tape<std::uint64_t> &key_digests);

struct Duplicates {
    heap::LeftOut left_out;
    bool too_many; // for the memory given: nothing was found out
};

// key_digests: of the keys that are staged more than once, made with the same seed. memory: bytes.
Duplicates find_duplicates(const heap::Tables &tables, std::uint64_t seed, diff::Tape<std::uint64_t> &key_digests,
                           ServerMemory &memory, std::size_t budget);

} // namespace datasurface::native
