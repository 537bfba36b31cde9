// The join of two streams of rows that need not be sorted, by key digest.
//
// A new entry is looked up by its key. If an entry of the other side waits there, both are compared, and the waiting one is
// removed. Otherwise the new entry waits. Two snapshots of one source have their rows in about the same order, so few entries
// wait, however large the tables are. In the worst order, half of all rows wait. If the waiting entries exceed the budget, they
// are written to files, divided by parts of the key digest, and each part is joined separately at the end.
//
// Where the staged rows are a window, only they have to be found: they are added first, and an entry of the merge table that meets none is
// forgotten. So no more than the staged entries wait.
//
// After an exception (a cancel, out of memory, a full disk) memory and files are not released here: the caller releases all of
// them at once.
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
    std::uint64_t unchanged = 0; // rows on both sides with equal digests
};

// What a join finds, beside the counts: places of rows, in no particular order.
struct Findings {
    Tape<Pair> changed;               // keys on both sides, with different row digests
    Tape<std::uint64_t> inserted;     // staged only
    Tape<std::uint64_t> deleted;      // merged only
    Tape<Pair> to_delete;             // keys on both sides, of which the staged row is a delete
    Tape<std::uint64_t> absent;       // staged deletes of keys that are not there
    Tape<std::uint64_t> staged_twice; // key digests (by key_of) of staged rows that found a staged row of their key
    std::uint64_t merged_twice = 0;   // rows of the merge table that found another row of their key
};

class Join {
public:
    // expected: how many entries the table has room for at first. Pass the number of entries, but at most 8,000: the table grows
    // when needed, and is several times faster as long as it fits into the cache.
    // budget: bytes for waiting entries. A few kB are used even if it is smaller.
    Join(Memory &memory, Files &files, std::size_t budget, std::uint64_t expected, Findings &findings);
    Join(const Join &) = delete;
    Join &operator=(const Join &) = delete;

    void add(const Entry *entries, std::size_t count); // of either side, in any order

    // Call it once, after all entries were added: entries that still wait are inserted or deleted. Releases memory and files.
    void finish();

    // Merged entries that meet no staged one are forgotten. Call it before add(), and add all staged entries before the merged ones.
    void look_for_staged_only() { for_staged_only_ = true; }

    // For a worker, whose rows may match rows of other workers: finish() writes the waiting entries to this file instead, and
    // so does add() when they exceed the budget. Call it before add(). The file is not rewound.
    void hand_over_to(int file);

    // The counts of the entries added to this join. Entries read from a worker's file were counted by the worker too. So over
    // all joins, add up `unchanged`, but `staged` and `merged` without the entries that came from files.
    const Counts &counts() const { return counts_; }

private:
    Join(Memory &memory, Files &files, std::size_t budget, std::uint64_t expected, Findings &findings, unsigned level);

    void add_one(const Entry &entry);
    void add_merged_of_window(const Entry &entry, std::uint64_t key);
    void match(const Entry &entry, Entry *slot);
    void match_differing(const Entry &staged, const Entry &merged);
    void make_room();
    void spill();
    void report_unmatched();
    void settle();
    void join_parts();
    void read_part(int file, std::uint64_t expected);

    Memory &memory_;
    Files &files_;
    std::size_t budget_;
    Findings &findings_;
    unsigned level_; // how often the key digest was divided into parts
    bool hands_over_ = false;
    bool for_staged_only_ = false;
    Table table_;
    Spill spill_;
    Counts counts_;
};

} // namespace datasurface::diff
