#include "diff/join.hpp"

#include <bit>

#include <gtest/gtest.h>

#include "diff_rows.hpp"

namespace datasurface::diff {

TEST(JoinBudget, StaysWithinItsBudget)
{
    std::vector<Entry> const entries = in_turn(sides(60000), 60000);
    constexpr std::size_t buffers = 64 * 1024;                     // of a spill
    constexpr std::size_t beside = buffers + 64 + 1024 + 4 * 9000; // and of the findings
    for (std::size_t const budget : {20000, 100000, 1200000, 1500000}) {
        for (std::uint64_t const expected : {std::uint64_t{0}, std::uint64_t{30000}, ~std::uint64_t{0}}) {
            Bench run;
            run.join(entries, budget, expected);
            EXPECT_EQ(run.outcome(), recomputed(entries));
            EXPECT_LE(run.memory.peak, budget + beside);
            std::size_t const table = std::bit_floor(budget / sizeof(Entry)) * sizeof(Entry) + 64;
            EXPECT_EQ(run.memory.largest, std::max(table, buffers));
        }
    }
}

// Three quarters of a small table are empty, half of a large one.
TEST(JoinBudget, ItsFirstTableIsAsExpected)
{
    std::pair<std::uint64_t, std::size_t> const slots_for[] = {{0, 64},        {15, 64},       {16, 128},
                                                               {100, 512},     {8000, 32768},  {8192, 65536},
                                                               {32767, 65536}, {32768, 131072}};
    for (auto const &[expected, slots] : slots_for) {
        Bench run;
        Join join(run.memory, run.files, unbounded, expected, run.findings);
        EXPECT_EQ(run.memory.largest, slots * sizeof(Entry) + 64) << expected;
    }
}

// 11 of 16 slots
TEST(JoinBudget, FillsWhatItHasBeforeItSpills)
{
    struct {
        std::size_t budget; // slots
        std::uint64_t entries;
    } const rooms[] = {{64, 43}, {191, 43}, {192, 87}, {256, 87}, {1024, 351}}; // old and new together
    for (auto const &[budget, room] : rooms) {
        for (std::uint64_t const count : {room, room + 1}) {
            std::vector<Entry> entries;
            for (std::uint64_t i = 0; i < count; ++i)
                entries.push_back(staged(mixed(i), i, i));
            for (std::uint64_t i = 0; i < count; ++i)
                entries.push_back(merged(mixed(i), i, i));
            Bench run;
            run.join(entries, budget * sizeof(Entry));
            EXPECT_EQ(run.counts.unchanged, count);
            EXPECT_EQ(run.files.files.empty(), count == room) << budget;
        }
    }
}

TEST(JoinBudget, UsesNoMoreThanIsNeeded)
{
    Bench run;
    run.join(in_turn(sides(60000), 100), unbounded, 400);
    EXPECT_LT(run.memory.peak, 4u << 20); // of 8 MB: what has met has left
}

TEST(JoinBudget, NoFileUnlessTheBudgetIsOutgrown)
{
    Bench run;
    run.join(in_turn(sides(900), 900), unbounded);
    std::size_t const for_findings = run.files.files.size(); // whose memory is 100 bytes each
    EXPECT_EQ(for_findings, 3u);
    Bench small;
    small.join(in_turn(sides(900), 900), 2048);
    EXPECT_GT(small.files.files.size(), for_findings);
}

TEST(JoinBudget, GivesMemoryAndFilesBack)
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

// 1,024 key digests which differ in their last 10 bits only: one part at each of nine levels, then 64 parts of 16, which
// wait together whatever the budget is. Beside them a part that is none too large.
TEST(JoinBudget, DividesAsFarAsThereAreBits)
{
    std::vector<Entry> entries;
    for (std::uint64_t i = 1024; i < 2048; ++i)
        entries.push_back(staged(i, i, i));
    for (std::uint64_t i = 1; i < 10; ++i)
        entries.push_back(merged(std::uint64_t{5} << 58 | i, i, i));
    Bench run;
    run.join(entries, 0);
    EXPECT_EQ(all_of(run.findings.inserted).size(), 1024u);
    EXPECT_EQ(all_of(run.findings.deleted).size(), 9u);
    EXPECT_EQ(run.files.files.size(), 9u + 64u + 1u + 1u); // the last for what was inserted
    EXPECT_EQ(run.files.open(), 1u);
}

TEST(JoinBudget, ACancelEndsItAnywhere)
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
TEST(JoinBudget, PollsWhileALargeTableIsMade)
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

TEST(JoinBudget, AFileThatLostRowsIsNoticed)
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
        Findings findings = made_findings(memory, files, 1 << 20, 0);
        std::vector<Entry> const entries = in_turn(sides(500), 500);
        Join join(memory, files, 0, 0, findings);
        join.add(entries.data(), entries.size());
        if (lost == 0) {
            EXPECT_NO_THROW(join.finish());
        } else
            EXPECT_ANY_THROW(join.finish());
    }
}

} // namespace datasurface::diff
