#include "diff/tape.hpp"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "diff_caller.hpp"

namespace datasurface::diff {

namespace {

struct Three { // of a size that divides no block
    std::uint64_t words[3];
};

std::vector<std::uint64_t> read_all(Tape<std::uint64_t> &tape, std::size_t at_once)
{
    std::vector<std::uint64_t> items;
    std::vector<std::uint64_t> some(at_once);
    while (std::size_t const got = tape.read(some.data(), at_once))
        items.insert(items.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(got));
    return items;
}

std::vector<std::uint64_t> numbers(std::size_t count)
{
    std::vector<std::uint64_t> items(count);
    std::iota(items.begin(), items.end(), 1);
    return items;
}

} // namespace

TEST(Tape, AnEmptyOneTakesNothing)
{
    TestMemory memory;
    TestFiles files;
    Tape<std::uint64_t> tape(memory, files, 1000);
    tape.rewind();
    EXPECT_EQ(tape.size(), 0u);
    EXPECT_TRUE(read_all(tape, 10).empty());
    tape.clear();
    EXPECT_EQ(memory.allocations, 0u);
    EXPECT_TRUE(files.files.empty());
}

TEST(Tape, GivesBackWhatWasAppendedInOrder)
{
    for (std::size_t const limit : {0, 1, 8, 100, 1024, 5000, 100000, 1 << 30}) {
        for (std::size_t const count : {1, 2, 12, 13, 127, 128, 129, 1000, 20000}) {
            TestMemory memory;
            TestFiles files;
            Tape<std::uint64_t> tape(memory, files, limit);
            for (std::uint64_t const number : numbers(count))
                tape.append(number);
            EXPECT_EQ(tape.size(), count);
            for (std::size_t const at_once : {7, 1, 1000, 30000}) {
                tape.rewind();
                EXPECT_EQ(read_all(tape, at_once), numbers(count)) << limit << " " << count << " " << at_once;
            }
            tape.rewind(); // in the midst of it
            std::uint64_t some[10];
            tape.read(some, 10);
            tape.rewind();
            EXPECT_EQ(read_all(tape, 10), numbers(count));
            tape.clear();
            EXPECT_EQ(memory.in_use, 0u);
            EXPECT_EQ(files.open(), 0u);
        }
    }
}

TEST(Tape, AReadGivesAsMuchAsThereIs)
{
    TestMemory memory;
    TestFiles files;
    Tape<std::uint64_t> tape(memory, files, 3000);
    for (std::uint64_t const number : numbers(5000))
        tape.append(number);
    tape.rewind();
    std::vector<std::uint64_t> items(6000);
    EXPECT_EQ(tape.read(items.data(), 4000), 4000u); // over blocks, and from the file
    EXPECT_EQ(tape.read(items.data(), 0), 0u);
    EXPECT_EQ(tape.read(items.data() + 4000, 2000), 1000u);
    items.resize(5000);
    EXPECT_EQ(items, numbers(5000));
    EXPECT_EQ(tape.read(items.data(), 1), 0u);
}

TEST(Tape, KeepsToItsLimit)
{
    for (std::size_t const limit : {0, 1000, 1023, 1024, 1025, 50000}) {
        TestMemory memory;
        TestFiles files;
        Tape<Three> tape(memory, files, limit);
        for (std::uint64_t i = 0; i < 20000; ++i)
            tape.append({{i, i + 1, i + 2}});
        EXPECT_LE(memory.peak, limit + 8192);
        EXPECT_EQ(files.files.size(), 1u);
        EXPECT_GT(files.written, files.writes * 8000); // by many items
        EXPECT_GE(files.written, 20000 * sizeof(Three) - limit - 8192);
        tape.rewind();
        EXPECT_LE(memory.in_use, limit);
        EXPECT_GT(memory.in_use + 8 * sizeof(Three), limit); // and uses it
        Three item;
        for (std::uint64_t i = 0; i < 20000; ++i) {
            ASSERT_EQ(tape.read(&item, 1), 1u);
            ASSERT_EQ(item.words[0] + item.words[1] + item.words[2], 3 * i + 3);
        }
        EXPECT_EQ(tape.read(&item, 1), 0u);
    }
}

TEST(Tape, NoFileWithinTheLimit)
{
    TestMemory memory;
    TestFiles files;
    Tape<std::uint64_t> tape(memory, files, 100000);
    for (std::uint64_t const number : numbers(100000 / 8))
        tape.append(number);
    EXPECT_TRUE(files.files.empty());
    EXPECT_LT(memory.allocations, 10u);
    tape.append(1);
    EXPECT_EQ(files.files.size(), 1u);
}

TEST(Tape, AShortOneTakesLittleMemory)
{
    TestMemory memory;
    TestFiles files;
    Tape<std::uint64_t> tape(memory, files, 1 << 30);
    tape.append(1);
    EXPECT_LE(memory.in_use, 1024u);
    for (std::uint64_t const number : numbers(10000))
        tape.append(number);
    EXPECT_LE(memory.in_use, 2 * 8 * 10001u);
}

TEST(Tape, WrittenAnewAfterItWasCleared)
{
    for (std::size_t const limit : {100, 100000}) {
        TestMemory memory;
        TestFiles files;
        Tape<std::uint64_t> tape(memory, files, limit);
        for (bool const is_read : {true, false}) {
            for (std::size_t const count : {2000, 3, 0, 5000, 1}) {
                for (std::uint64_t const number : numbers(count))
                    tape.append(number);
                if (is_read) {
                    tape.rewind();
                    EXPECT_EQ(read_all(tape, 33), numbers(count));
                }
                tape.clear();
                EXPECT_EQ(tape.size(), 0u);
                EXPECT_EQ(memory.in_use, 0u);
                EXPECT_EQ(files.open(), 0u);
            }
            EXPECT_TRUE(limit == 100 || files.files.empty());
            tape.rewind();
            EXPECT_TRUE(read_all(tape, 33).empty());
        }
    }
}

TEST(Tape, ACancelEndsItsLoops)
{
    TestMemory memory;
    TestFiles files;
    Tape<std::uint64_t> tape(memory, files, 10000);
    for (std::uint64_t const number : numbers(10000))
        tape.append(number);
    EXPECT_GE(memory.polls, 8u); // one for each write
    tape.rewind();
    memory.polls_until_cancel = memory.polls + 3;
    EXPECT_THROW(read_all(tape, 100), Cancelled);
}

TEST(Tape, AFileThatLostItemsIsNoticed)
{
    TestMemory memory;
    TestFiles files;
    Tape<std::uint64_t> tape(memory, files, 0);
    for (std::uint64_t const number : numbers(5000))
        tape.append(number);
    tape.rewind();
    files.files[0].bytes.resize(1000);
    EXPECT_ANY_THROW(read_all(tape, 100));
}

} // namespace datasurface::diff
