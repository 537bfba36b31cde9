// The join of two streams of rows that need not be sorted, by key digest.
//
// Rows that meet leave at once: an entry looks for its key on the other side, takes it out when it is there, and waits
// otherwise. Two tables in about the same order, which is what a snapshot and the last one of the same source are, keep
// next to nothing waiting, however large they are; in the worst order half of all rows wait. When what waits outgrows the
// budget it goes to files by parts of the key digest, and each part is joined by itself at the end.
//
// What throws (a cancel, want of memory or disk) leaves memory and files as they are: the caller ends them all at once.
#pragma once

#include "diff/caller.hpp"
#include "diff/entry.hpp"
#include "diff/spill.hpp"
#include "diff/table.hpp"
#include "diff/tape.hpp"

namespace datasurface::diff {

struct Counts {
    std::uint64_t staged = 0; // entries added
    std::uint64_t merged = 0;
    std::uint64_t unchanged = 0; // met, with equal row digests
};

// What a join finds out, beside the counts. The places of rows, in no order that means anything.
struct Findings {
    Tape<Pair> changed;               // met, with different row digests
    Tape<std::uint64_t> inserted;     // staged only
    Tape<std::uint64_t> deleted;      // merged only
    Tape<std::uint64_t> staged_twice; // key digests (as key_of has them) that met on the staged side while they waited
    std::uint64_t merged_twice = 0;   // keys that met on the merged side
};

class Join {
public:
    // expected: entries that may wait at once, to begin with. As many as there are, but not above 8,000, is a good guess:
    // the table grows, and until then is in the cache, in which it is several times faster.
    // budget: bytes for what waits. At least a few kB are used whatever it says.
    Join(Memory &memory, Files &files, std::size_t budget, std::uint64_t expected, Findings &findings);
    Join(const Join &) = delete;
    Join &operator=(const Join &) = delete;

    void add(const Entry *entries, std::size_t count); // of either side, in any order

    // All entries were added: what still waits met nobody. Called once, at the end; gives memory and files back.
    void finish();

    // For a worker, whose rows meet the other workers' rows elsewhere: writes what waits to this file as it stands instead.
    // Called first: from then on also what outgrows the budget goes there. The file is left as written, not rewound.
    void hand_over_to(int file);

    // Of the entries added to this join. Those that come from a worker's file are counted here once more: of all joins together,
    // unchanged is the sum, staged and merged are the sum without what came from files.
    const Counts &counts() const { return counts_; }

private:
    Join(Memory &memory, Files &files, std::size_t budget, std::uint64_t expected, Findings &findings, unsigned level);

    void add_one(const Entry &entry);
    void meet(const Entry &entry, Entry *slot);
    void make_room();
    void spill();
    void tell_who_met_nobody();
    void settle();
    void join_parts();
    void read_part(int file, std::uint64_t expected);

    Memory &memory_;
    Files &files_;
    std::size_t budget_;
    Findings &findings_;
    unsigned level_; // of parts within parts of the key digest
    bool hands_over_ = false;
    Table table_;
    Spill spill_;
    Counts counts_;
};

} // namespace datasurface::diff
