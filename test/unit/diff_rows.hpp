// Rows for tests of the join, and what comes of them by a plain recomputation.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "diff/join.hpp"
#include "diff_caller.hpp"

namespace datasurface::diff {

using Places = std::vector<std::uint64_t>;

struct Outcome {
    Counts counts;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> changed; // staged, merged
    Places inserted;
    Places deleted;
    Places staged_twice;
    std::uint64_t merged_twice = 0;

    bool operator==(const Outcome &other) const
    {
        return counts.staged == other.counts.staged && counts.merged == other.counts.merged &&
               counts.unchanged == other.counts.unchanged && changed == other.changed && inserted == other.inserted &&
               deleted == other.deleted && staged_twice == other.staged_twice && merged_twice == other.merged_twice;
    }
};

inline Entry staged(std::uint64_t key, std::uint64_t row, std::uint64_t place)
{
    return {key, {row, ~row}, place};
}

inline Entry merged(std::uint64_t key, std::uint64_t row, std::uint64_t place)
{
    return {key, {row, ~row}, place | merged_side};
}

template <class Item>
std::vector<Item> all_of(Tape<Item> &tape)
{
    std::vector<Item> items;
    Item some[7];
    tape.rewind();
    while (std::size_t const got = tape.read(some, 7))
        items.insert(items.end(), some, some + got);
    return items;
}

// Sorted, for their order means nothing.
inline Outcome outcome_of(Findings &findings, const Counts &counts)
{
    Outcome outcome;
    outcome.counts = counts;
    for (Pair const &pair : all_of(findings.changed))
        outcome.changed.emplace_back(pair.staged, pair.merged);
    outcome.inserted = all_of(findings.inserted);
    outcome.deleted = all_of(findings.deleted);
    outcome.staged_twice = all_of(findings.staged_twice);
    outcome.merged_twice = findings.merged_twice;
    std::sort(outcome.changed.begin(), outcome.changed.end());
    for (Places *places : {&outcome.inserted, &outcome.deleted, &outcome.staged_twice})
        std::sort(places->begin(), places->end());
    return outcome;
}

// limit: bytes of memory of each list; last: of the one of keys that are staged twice
inline Findings made_findings(Memory &memory, Files &files, std::size_t limit, std::size_t last)
{
    return {{memory, files, limit}, {memory, files, limit}, {memory, files, limit},
            {memory, files, limit}, {memory, files, limit}, {memory, files, last}};
}

struct Bench {
    TestMemory memory;
    TestFiles files;
    Findings findings = made_findings(memory, files, 100, 100);
    Counts counts;
    std::size_t peak = 0; // bytes of the join

    // In portions of uneven size
    void join(const std::vector<Entry> &entries, std::size_t budget, std::uint64_t expected = 0)
    {
        Join join(memory, files, budget, expected, findings);
        std::size_t portion = 1;
        for (std::size_t begin = 0; begin < entries.size(); begin += portion, portion = portion * 3 % 1021 + 1)
            join.add(entries.data() + begin, std::min(portion, entries.size() - begin));
        join.finish();
        counts = join.counts();
    }

    Outcome outcome() { return outcome_of(findings, counts); }
};

inline Outcome joined(const std::vector<Entry> &entries, std::size_t budget, std::uint64_t expected = 0)
{
    Bench run;
    run.join(entries, budget, expected);
    return run.outcome();
}

// By key, one row of each side at most.
inline Outcome recomputed(const std::vector<Entry> &entries)
{
    Outcome outcome;
    std::map<std::uint64_t, std::pair<const Entry *, const Entry *>> by_key;
    for (Entry const &entry : entries) {
        auto &sides = by_key[entry.key];
        (is_merged(entry) ? sides.second : sides.first) = &entry;
        ++(is_merged(entry) ? outcome.counts.merged : outcome.counts.staged);
    }
    for (auto const &[key, sides] : by_key) {
        auto const [ours, theirs] = sides;
        if (theirs == nullptr)
            outcome.inserted.push_back(place_of(*ours));
        else if (ours == nullptr)
            outcome.deleted.push_back(place_of(*theirs));
        else if (ours->row[0] == theirs->row[0] && ours->row[1] == theirs->row[1])
            ++outcome.counts.unchanged;
        else
            outcome.changed.emplace_back(place_of(*ours), place_of(*theirs));
    }
    std::sort(outcome.changed.begin(), outcome.changed.end());
    std::sort(outcome.inserted.begin(), outcome.inserted.end());
    std::sort(outcome.deleted.begin(), outcome.deleted.end());
    return outcome;
}

// Key digests as they come, and such as are hard: neighbours of 0 and of the last one, equal in their topmost or lowest bits.
inline std::uint64_t some_key(std::mt19937_64 &random)
{
    switch (random() % 8) {
    case 0:
        return random() % 2 == 0 ? random() % 4 + 2 : 0;
    case 1:
        return ~(random() % 4);
    case 2:
        return random() % 4096 + 2; // one partition, down to the last bits
    case 3:
        return random() << 32; // one slot
    case 4:
        return 0xABCDEF0123400000 | (random() & 0xFFFFF);
    default:
        return random();
    }
}

constexpr std::size_t unbounded = std::size_t{1} << 40;
constexpr std::size_t budgets[] = {0, 1, 2048, 6144, 8000, 50000, 1 << 20, unbounded};

// A digest that looks like one.
inline std::uint64_t mixed(std::uint64_t number)
{
    std::uint64_t const product = (number + 1) * 0x9E3779B97F4A7C15;
    return (product ^ (product >> 29)) * 0xBF58476D1CE4E5B9;
}

// Rows 0 to count - 1 on both sides, every tenth changed, every eleventh staged only, every thirteenth merged only.
struct Sides {
    std::vector<Entry> staged_rows;
    std::vector<Entry> merged_rows;
};

inline Sides sides(std::uint64_t count)
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
inline std::vector<Entry> in_turn(const Sides &both, std::size_t each)
{
    std::vector<Entry> entries;
    for (std::size_t begin = 0; begin < std::max(both.staged_rows.size(), both.merged_rows.size()); begin += each)
        for (auto const *rows : {&both.staged_rows, &both.merged_rows})
            for (std::size_t i = begin; i < std::min(rows->size(), begin + each); ++i)
                entries.push_back((*rows)[i]);
    return entries;
}

// Random rows, no key twice on a side
inline std::vector<Entry> random_rows(std::mt19937_64 &random)
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

} // namespace datasurface::diff
