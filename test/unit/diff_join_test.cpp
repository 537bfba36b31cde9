#include "diff/join.hpp"

#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "diff_rows.hpp"

namespace datasurface::diff {

namespace {

constexpr std::size_t unbounded = std::size_t{1} << 40;
constexpr std::size_t budgets[] = {0, 1, 2048, 6144, 8000, 50000, 1 << 20, unbounded};

// A digest that looks like one.
std::uint64_t mixed(std::uint64_t number)
{
    std::uint64_t const product = (number + 1) * 0x9E3779B97F4A7C15;
    return (product ^ (product >> 29)) * 0xBF58476D1CE4E5B9;
}

// Rows 0 to count - 1 on both sides, every tenth changed, every eleventh staged only, every thirteenth merged only.
struct Sides {
    std::vector<Entry> staged_rows;
    std::vector<Entry> merged_rows;
};

Sides sides(std::uint64_t count)
{
    Sides both;
    for (std::uint64_t i = 0; i < count; ++i) {
        if (i % 13 != 0)
            both.staged_rows.push_back(staged(mixed(i), i, i));
        if (i % 11 != 0)
            both.merged_rows.push_back(merged(mixed(i), i % 10 == 0 ? ~i : i, i + count));
    }
    return both;
}

// One side's next rows, then the other's, so many each
std::vector<Entry> in_turn(const Sides &both, std::size_t each)
{
    std::vector<Entry> entries;
    for (std::size_t begin = 0; begin < std::max(both.staged_rows.size(), both.merged_rows.size()); begin += each)
        for (auto const *rows : {&both.staged_rows, &both.merged_rows})
            for (std::size_t i = begin; i < std::min(rows->size(), begin + each); ++i)
                entries.push_back((*rows)[i]);
    return entries;
}

// Random rows, no key twice on a side
std::vector<Entry> random_rows(std::mt19937_64 &random)
{
    std::vector<Entry> entries;
    std::set<std::uint64_t> seen[2];
    std::uint64_t const count = random() % 3000;
    bool const few_keys = random() % 8 == 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t const key = few_keys ? mixed(random() % 20) : some_key(random);
        for (bool const side : {false, true})
            if (random() % 8 != 0 && seen[side].insert(key).second)
                entries.push_back(side ? merged(key, random() % 2, i) : staged(key, random() % 2, i));
    }
    std::uint64_t const order = random() % 3;
    if (order == 1)
        std::shuffle(entries.begin(), entries.end(), random);
    if (order == 2)
        std::stable_partition(entries.begin(), entries.end(), [](const Entry &entry) { return is_merged(entry); });
    return entries;
}

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

TEST(Join, PlacesHaveTheirTopmostBitForTheSide)
{
    std::uint64_t const last = merged_side - 1;
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

TEST(Join, StaysWithinItsBudget)
{
    std::vector<Entry> const entries = in_turn(sides(60000), 60000);
    constexpr std::size_t beside = (64 + 1) * 1024 + 4 * 9000; // buffers of a spill and of the findings
    for (std::size_t const budget : {20000, 100000, 1000000, 1500000}) {
        for (std::uint64_t const expected : {std::uint64_t{0}, std::uint64_t{30000}, ~std::uint64_t{0}}) {
            Bench run;
            run.join(entries, budget, expected);
            EXPECT_EQ(run.outcome(), recomputed(entries));
            EXPECT_LE(run.memory.peak, budget + beside);
            EXPECT_GT(run.memory.largest, budget / 4) << "it does not use what it has";
        }
    }
}

TEST(Join, UsesNoMoreThanIsNeeded)
{
    Bench run;
    run.join(in_turn(sides(60000), 100), unbounded, 400);
    EXPECT_LT(run.memory.peak, 4u << 20); // of 8 MB: what has met has left
}

TEST(Join, NoFileUnlessTheBudgetIsOutgrown)
{
    Bench run;
    run.join(in_turn(sides(900), 900), unbounded);
    std::size_t const for_findings = run.files.files.size(); // whose memory is 100 bytes each
    EXPECT_EQ(for_findings, 3u);
    Bench small;
    small.join(in_turn(sides(900), 900), 2048);
    EXPECT_GT(small.files.files.size(), for_findings);
}

TEST(Join, GivesMemoryAndFilesBack)
{
    for (std::size_t const budget : budgets) {
        Bench run;
        run.join(in_turn(sides(5000), 5000), budget);
        run.findings.changed.clear();
        run.findings.inserted.clear();
        run.findings.deleted.clear();
        EXPECT_EQ(run.files.open(), 0u) << budget;
        EXPECT_EQ(run.memory.in_use, 0u) << budget;
    }
}

TEST(Join, PartsAreCreatedWhenTheyGetARow)
{
    std::vector<Entry> entries;
    for (std::uint64_t i = 2; i < 200; ++i)
        entries.push_back(staged(i % 2 << 63 | i, i, i)); // the first of 64 parts, and the 33rd
    Bench run;
    run.join(entries, 0);
    EXPECT_EQ(run.counts.staged, 198u);
    EXPECT_EQ(all_of(run.findings.inserted).size(), 198u);
    // two levels differ not, then the bits of i: of each half 8 levels of 1, then up to 64 of 6 bits
    EXPECT_LT(run.files.files.size(), 200u);
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
    Findings findings{{memory, files, 1 << 20}, {memory, files, 1 << 20}, {memory, files, 1 << 20}, {memory, files, 0}};
    int const file = files.create();
    Join join(memory, files, 2048, 0, findings);
    join.hand_over_to(file);
    join.add(entries.data(), entries.size());
    join.finish();
    EXPECT_EQ(files.files.size(), 1u);
    EXPECT_EQ(files.open(), 1u);
    EXPECT_EQ(files.written % sizeof(Entry), 0u);
    EXPECT_EQ(files.written / sizeof(Entry) + 2 * (join.counts().unchanged + findings.changed.size()), entries.size());
}

TEST(Join, ACancelEndsItAnywhere)
{
    std::vector<Entry> const entries = in_turn(sides(3000), 3000);
    Bench whole;
    whole.join(entries, 20000);
    ASSERT_GT(whole.memory.polls, 100u);
    for (std::uint64_t at = 1; at <= whole.memory.polls; ++at) {
        Bench run;
        run.memory.polls_until_cancel = at;
        EXPECT_THROW(run.join(entries, 20000), Cancelled);
    }
}

// Zeroing and moving of a large table, and the way through it at the end, are interrupted often.
TEST(Join, PollsWhileALargeTableIsMade)
{
    Bench run;
    { // 64 MB
        Join join(run.memory, run.files, unbounded, 1000000, run.findings);
        EXPECT_GE(run.memory.polls, 64u);
        run.memory.polls = 0;
        join.finish();
        EXPECT_GE(run.memory.polls, 128u);
    }
    std::vector<Entry> entries;
    for (std::uint64_t i = 0; i < 33000; ++i)
        entries.push_back(staged(mixed(i), i, i));
    Join join(run.memory, run.files, unbounded, 30000, run.findings);
    join.add(entries.data(), 32000);
    run.memory.polls = 0;
    join.add(entries.data() + 32000, 1000);         // from 2 MB to 4
    EXPECT_EQ(run.memory.polls, 4u + 65536 / 4096); // zeroed, moved
}

TEST(Join, AFileThatLostRowsIsNoticed)
{
    struct Forgetful final : Files {
        int create() override { return files.create(); }
        void write(int file, const void *data, std::size_t bytes) override { files.write(file, data, bytes); }
        void rewind(int file) override
        {
            files.rewind(file);
            files.at(file).bytes.resize(files.at(file).bytes.size() - lost);
        }
        std::size_t read(int file, void *data, std::size_t bytes) override { return files.read(file, data, bytes); }
        void close(int file) override { files.close(file); }
        TestFiles files;
        std::size_t lost = 0;
    };
    for (std::size_t const lost : {std::size_t{0}, std::size_t{1}, sizeof(Entry)}) {
        TestMemory memory;
        Forgetful files;
        files.lost = lost;
        Findings findings{{memory, files, 1 << 20},
                          {memory, files, 1 << 20},
                          {memory, files, 1 << 20},
                          {memory, files, 0}};
        std::vector<Entry> const entries = in_turn(sides(500), 500);
        Join join(memory, files, 0, 0, findings);
        join.add(entries.data(), entries.size());
        if (lost == 0)
            EXPECT_NO_THROW(join.finish());
        else
            EXPECT_ANY_THROW(join.finish());
    }
}

} // namespace datasurface::diff
