// The rows of one side, all in memory, and those of the other as they come, one by one. What matches is forgotten at once: that is what
// a join cannot do whose sides come side by side, because a row may be met again. So a row that was met stays, marked, and a second row of its key
// is seen.
//
// After an exception memory is not released here: the caller releases all of it at once.
#pragma once

#include <optional>

#include "diff/caller.hpp"
#include "diff/entry.hpp"
#include "diff/table.hpp"
#include "diff/tape.hpp"

namespace datasurface::diff {

// What an arriving row is to the rows that are known.
enum class Meeting {
    unchanged,
    changed,  // its key is known, with another row digest
    inserted, // its key was not known; it is now
    twice     // its key was met before
};

struct Met {
    Meeting meeting;
    std::uint64_t merged; // the place of the known row, of unchanged and changed
};

class Known {
public:
    // expected: entries. budget: bytes.
    Known(Memory &memory, std::size_t budget, std::uint64_t expected)
        : budget_(budget), table_(memory, budget, expected)
    {
    }
    Known(const Known &) = delete;
    Known &operator=(const Known &) = delete;

    // Rows of the merged side. False when the budget has no room for them, or a key comes twice: then give it up.
    bool add(const Entry *entries, std::size_t count);

    // Arriving rows, in their order. false: as above; only keys that were not known take room.
    bool meet(const Entry *entries, std::size_t count, Met *met);

    // The known rows that no row has met. Releases the memory.
    void finish(Tape<std::uint64_t> &unmet);

private:
    bool put(Entry *slot, const Entry &entry, std::uint64_t key);
    bool meet_one(const Entry &entry, Met &met);

    std::size_t budget_;
    Table table_; // an entry that was met, or that arrived, has not the mark of the merged side
};

} // namespace datasurface::diff
