// Rows that are known, and rows that arrive: what a join finds of the same rows.

#include "diff/known.hpp"

#include <gtest/gtest.h>

#include "diff_rows.hpp"

namespace datasurface::diff {

namespace {

struct Arrived {
    Outcome outcome;
    bool had_room = true;
    std::size_t peak = 0;
};

// First all rows of the merged side, then the others in their order.
Arrived arrive(const std::vector<Entry> &entries, std::size_t budget)
{
    TestMemory memory;
    TestFiles files;
    Tape<std::uint64_t> unmet(memory, files, 1 << 20);
    Known known(memory, budget, 100);
    std::vector<Entry> merged_rows, arriving;
    for (const Entry &entry : entries)
        (is_merged(entry) ? merged_rows : arriving).push_back(entry);
    Arrived arrived;
    std::vector<Met> met(arriving.size());
    arrived.had_room =
        known.add(merged_rows.data(), merged_rows.size()) && known.meet(arriving.data(), arriving.size(), met.data());
    if (!arrived.had_room)
        return arrived;
    Outcome &outcome = arrived.outcome;
    outcome.counts.staged = arriving.size();
    outcome.counts.merged = merged_rows.size();
    for (std::size_t i = 0; i < arriving.size(); ++i)
        switch (met[i].meeting) {
        case Meeting::unchanged:
            ++outcome.counts.unchanged;
            break;
        case Meeting::changed:
            outcome.changed.emplace_back(place_of(arriving[i]), met[i].merged);
            break;
        case Meeting::inserted:
            outcome.inserted.push_back(place_of(arriving[i]));
            break;
        case Meeting::twice:
            outcome.staged_twice.push_back(key_of(arriving[i].key));
            break;
        }
    known.finish(unmet);
    outcome.deleted = all_of(unmet);
    std::sort(outcome.changed.begin(), outcome.changed.end());
    for (Places *places : {&outcome.inserted, &outcome.deleted, &outcome.staged_twice})
        std::sort(places->begin(), places->end());
    return arrived;
}

} // namespace

TEST(Known, FindsWhatAJoinFinds)
{
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<Entry> const entries = random_rows(random);
        ASSERT_EQ(arrive(entries, unbounded).outcome, recomputed(entries)) << "seed " << seed;
    }
}

TEST(Known, SeesASecondRowOfAKeyHoweverTheFirstWasMet)
{
    std::vector<Entry> const entries = {merged(1, 1, 10), merged(2, 1, 20), staged(1, 1, 1), staged(2, 2, 2),
                                        staged(3, 1, 3),  staged(1, 1, 4),  staged(2, 1, 5), staged(3, 1, 6)};
    Outcome const outcome = arrive(entries, unbounded).outcome;
    EXPECT_EQ(outcome.staged_twice, (Places{1, 2, 3}));
    EXPECT_EQ(outcome.counts.unchanged, 1u);
    EXPECT_EQ(outcome.inserted, Places{3});
}

TEST(Known, TellsWhenThereIsNoRoom)
{
    std::vector<Entry> known, arriving;
    for (std::uint64_t i = 0; i < 100000; ++i) {
        known.push_back(merged(mixed(i), 1, i));
        arriving.push_back(staged(mixed(i), 1, i));
    }
    EXPECT_FALSE(arrive(known, 100000).had_room);
    EXPECT_FALSE(arrive(arriving, 100000).had_room) << "keys that were not known take room too";
    EXPECT_TRUE(arrive(known, std::size_t{16} << 20).had_room);
}

TEST(Known, TellsOfAKnownKeyThatComesTwice)
{
    EXPECT_FALSE(arrive({merged(1, 1, 1), merged(1, 1, 2)}, unbounded).had_room);
}

} // namespace datasurface::diff
