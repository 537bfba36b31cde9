#include "diff/join.hpp"

#include <set>

#include <gtest/gtest.h>

#include "diff_rows.hpp"

namespace datasurface::diff {

namespace {

void expect_counts_add_up(const Outcome &outcome)
{
    std::uint64_t const met = outcome.counts.unchanged + outcome.changed.size();
    EXPECT_EQ(outcome.counts.staged, met + outcome.inserted.size() + outcome.staged_twice.size());
    EXPECT_EQ(outcome.counts.merged, met + outcome.deleted.size() + outcome.merged_twice);
}

} // namespace

TEST(Join, ToldByHand)
{
    Outcome const outcome = joined({staged(7, 1, 70), merged(8, 1, 81), staged(8, 1, 80), merged(9, 1, 91),
                                    staged(9, 2, 90), merged(10, 1, 101), merged(0, 5, 1), staged(0, 6, 0)},
                                   unbounded);
    EXPECT_EQ(outcome.counts.staged, 4u);
    EXPECT_EQ(outcome.counts.merged, 4u);
    EXPECT_EQ(outcome.counts.unchanged, 1u);
    EXPECT_EQ(outcome.inserted, Places{70});
    EXPECT_EQ(outcome.deleted, Places{101});
    ASSERT_EQ(outcome.changed.size(), 2u);
    EXPECT_EQ(outcome.changed[0], (std::pair<std::uint64_t, std::uint64_t>{0, 1}));
    EXPECT_EQ(outcome.changed[1], (std::pair<std::uint64_t, std::uint64_t>{90, 91}));
}

TEST(Join, NothingAtAll)
{
    for (std::size_t const budget : budgets)
        EXPECT_EQ(joined({}, budget), Outcome());
}

TEST(Join, EachWordOfARowDigestCounts)
{
    for (int const word : {0, 1}) {
        Entry other = merged(5, 1, 2);
        ++other.row[word];
        EXPECT_EQ(joined({staged(5, 1, 1), other}, unbounded).changed.size(), 1u);
    }
}

TEST(Join, PlacesHaveTheirTopmostBitsForMarks)
{
    std::uint64_t const last = delete_mark - 1;
    EXPECT_EQ(joined({merged(5, 1, last)}, 0).deleted, Places{last});
    EXPECT_EQ(joined({staged(5, 1, last)}, 0).inserted, Places{last});
}

TEST(Join, AKeyDigestOfZeroCountsAsOne)
{
    Outcome const outcome = joined({staged(0, 1, 1), staged(1, 1, 2), staged(0, 1, 3)}, unbounded);
    EXPECT_EQ(outcome.staged_twice, (Places{1, 1}));
    EXPECT_EQ(key_of(0), 1u);
    EXPECT_EQ(key_of(2), 2u);
}

TEST(Join, InOrder)
{
    std::vector<Entry> const entries = in_turn(sides(20000), 512);
    Outcome const expected = recomputed(entries);
    EXPECT_EQ(expected.deleted.size(), 1399u);
    for (std::size_t const budget : budgets)
        EXPECT_EQ(joined(entries, budget), expected) << budget;
}

TEST(Join, Shifted)
{
    Sides both = sides(20000);
    std::rotate(both.staged_rows.begin(), both.staged_rows.begin() + 5000, both.staged_rows.end());
    std::vector<Entry> const entries = in_turn(both, 100);
    for (std::size_t const budget : budgets)
        EXPECT_EQ(joined(entries, budget), recomputed(entries)) << budget;
}

TEST(Join, Reversed)
{
    Sides both = sides(20000);
    std::reverse(both.merged_rows.begin(), both.merged_rows.end());
    std::vector<Entry> const entries = in_turn(both, 1);
    for (std::size_t const budget : budgets)
        EXPECT_EQ(joined(entries, budget), recomputed(entries)) << budget;
}

TEST(Join, RandomRowsAsRecomputed)
{
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<Entry> const entries = random_rows(random);
        Outcome const expected = recomputed(entries);
        expect_counts_add_up(expected);
        for (std::size_t const budget : {budgets[seed % 5], std::size_t{4096} << (seed % 7), unbounded})
            ASSERT_EQ(joined(entries, budget, random() % 2 == 0 ? 0 : random() % 5000), expected)
                << "seed " << seed << ", budget " << budget;
    }
}

TEST(Join, DuplicatesOfOneSide)
{
    std::vector<Entry> entries;
    for (std::uint64_t i = 0; i < 3000; ++i)
        for (std::uint64_t copy = 0; copy <= i % 3; ++copy)
            entries.push_back(i % 2 == 0 ? staged(mixed(i), i, i * 4 + copy) : merged(mixed(i), i, i * 4 + copy));
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        std::shuffle(entries.begin(), entries.end(), std::mt19937_64(seed));
        for (std::size_t const budget : budgets) {
            Outcome const outcome = joined(entries, budget);
            expect_counts_add_up(outcome);
            EXPECT_EQ(outcome.inserted.size(), 1500u);
            EXPECT_EQ(outcome.deleted.size(), 1500u);
            EXPECT_EQ(outcome.staged_twice.size(), 1500u); // 500 keys once more, 500 keys twice more
            EXPECT_EQ(outcome.merged_twice, 1500u);
            EXPECT_EQ(std::count(outcome.staged_twice.begin(), outcome.staged_twice.end(), mixed(2)), 2);
            EXPECT_EQ(std::count(outcome.staged_twice.begin(), outcome.staged_twice.end(), mixed(4)), 1);
        }
    }
}

// One of several staged rows meets; of the others one may wait to the end, as an insert of a key that is there.
TEST(Join, DuplicatesOfAKeyThatIsOnBothSides)
{
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<Entry> entries;
        for (std::uint64_t i = 0; i < 300; ++i)
            entries.push_back(merged(mixed(i), 0, i));
        for (std::uint64_t i = 0; i < 900; ++i)
            entries.push_back(staged(mixed(i % 300), i % 2, i));
        std::shuffle(entries.begin(), entries.end(), random);
        Outcome const outcome = joined(entries, budgets[seed % std::size(budgets)]);
        expect_counts_add_up(outcome);
        EXPECT_EQ(outcome.counts.unchanged + outcome.changed.size(), 300u);
        EXPECT_TRUE(outcome.deleted.empty());
        EXPECT_EQ(outcome.inserted.size() + outcome.staged_twice.size(), 600u);
        std::set<std::uint64_t> keys;
        for (std::uint64_t const place : outcome.inserted)
            EXPECT_TRUE(keys.insert(place % 300).second);
    }
}

TEST(Join, WorkersHandOverAndTheLeaderJoins)
{
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<Entry> const entries = random_rows(random);
        std::size_t const budget = budgets[seed % std::size(budgets)];
        std::vector<Entry> part[3];
        for (Entry const &entry : entries)
            part[random() % 3].push_back(entry);
        Bench run;
        Counts total;
        std::vector<int> handed_over;
        for (int worker = 0; worker < 2; ++worker) {
            handed_over.push_back(run.files.create());
            Join join(run.memory, run.files, budget, 0, run.findings);
            join.hand_over_to(handed_over.back());
            join.add(part[worker].data(), part[worker].size());
            join.finish();
            total.staged += join.counts().staged;
            total.merged += join.counts().merged;
            total.unchanged += join.counts().unchanged;
        }
        ASSERT_EQ(run.findings.inserted.size() + run.findings.deleted.size(), 0u);
        Join leader(run.memory, run.files, budget, 0, run.findings);
        leader.add(part[2].data(), part[2].size());
        total.staged += leader.counts().staged;
        total.merged += leader.counts().merged;
        for (int const file : handed_over) {
            run.files.rewind(file);
            Entry some[10];
            while (std::size_t const got = run.files.read(file, some, sizeof(some)))
                leader.add(some, got / sizeof(Entry));
            run.files.close(file);
        }
        leader.finish();
        total.unchanged += leader.counts().unchanged;
        ASSERT_EQ(outcome_of(run.findings, total), recomputed(entries)) << "seed " << seed;
    }
}

TEST(Join, AWorkerWritesToItsOneFileOnly)
{
    std::vector<Entry> const entries = in_turn(sides(1000), 1000);
    TestMemory memory;
    TestFiles files;
    Findings findings = made_findings(memory, files, 1 << 20, 0);
    int const file = files.create();
    Join join(memory, files, 4096, 0, findings);
    join.hand_over_to(file);
    join.add(entries.data(), entries.size());
    join.finish();
    EXPECT_EQ(files.files.size(), 1u);
    EXPECT_EQ(files.open(), 1u);
    EXPECT_EQ(files.written % sizeof(Entry), 0u);
    EXPECT_GT(files.written, files.writes * 30 * sizeof(Entry)); // by many entries
    EXPECT_LT(memory.peak, 4096u + 10000u);
    EXPECT_LT(memory.allocations, 10u); // it goes on with the table it has
    EXPECT_EQ(files.written / sizeof(Entry) + 2 * (join.counts().unchanged + findings.changed.size()), entries.size());
}

} // namespace datasurface::diff
