// A join of a window: the staged rows come first, and what meets none of them is forgotten.

#include <gtest/gtest.h>

#include "diff_rows.hpp"

namespace datasurface::diff {

namespace {

struct Found {
    std::uint64_t unchanged = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> changed, to_delete; // staged, merged
    Places inserted, absent, deleted, staged_twice;

    bool operator==(const Found &) const = default;
};

std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs_of(Tape<Pair> &tape)
{
    std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs;
    for (Pair const &pair : all_of(tape))
        pairs.emplace_back(pair.staged, pair.merged);
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

Places places_of(Tape<std::uint64_t> &tape)
{
    Places places = all_of(tape);
    std::sort(places.begin(), places.end());
    return places;
}

struct WindowBench {
    TestMemory memory;
    TestFiles files;
    Findings findings = made_findings(memory, files, 100, 100);

    Found join(const std::vector<Entry> &window, const std::vector<Entry> &merge_table, std::size_t budget)
    {
        Join join(memory, files, budget, 0, findings);
        join.look_for_staged_only();
        join.add(window.data(), window.size());
        join.add(merge_table.data(), merge_table.size());
        join.finish();
        return {join.counts().unchanged,         pairs_of(findings.changed), pairs_of(findings.to_delete),
                places_of(findings.inserted),    places_of(findings.absent), places_of(findings.deleted),
                places_of(findings.staged_twice)};
    }
};

Found joined(const std::vector<Entry> &window, const std::vector<Entry> &merge_table, std::size_t budget)
{
    WindowBench bench;
    return bench.join(window, merge_table, budget);
}

// Of a window without a key twice.
Found recomputed(const std::vector<Entry> &window, const std::vector<Entry> &merge_table)
{
    std::map<std::uint64_t, const Entry *> by_key;
    for (Entry const &entry : merge_table)
        by_key[key_of(entry.key)] = &entry;
    Found found;
    for (Entry const &entry : window) {
        auto const merged = by_key.find(key_of(entry.key));
        if (merged == by_key.end())
            (is_delete(entry) ? found.absent : found.inserted).push_back(place_of(entry));
        else if (is_delete(entry))
            found.to_delete.emplace_back(place_of(entry), place_of(*merged->second));
        else if (entry.row[0] == merged->second->row[0])
            ++found.unchanged;
        else
            found.changed.emplace_back(place_of(entry), place_of(*merged->second));
    }
    for (auto *pairs : {&found.changed, &found.to_delete})
        std::sort(pairs->begin(), pairs->end());
    for (Places *places : {&found.inserted, &found.absent})
        std::sort(places->begin(), places->end());
    return found;
}

Entry deleted(std::uint64_t key, std::uint64_t place)
{
    return deleting(staged(key, 7, place));
}

} // namespace

TEST(WindowJoin, ToldByHand)
{
    Found const found = joined({staged(1, 1, 10), staged(2, 2, 20), staged(3, 3, 30), deleted(4, 40), deleted(5, 50)},
                               {merged(1, 1, 11), merged(2, 0, 21), merged(4, 1, 41), merged(6, 1, 61)}, unbounded);
    Found expected;
    expected.unchanged = 1;
    expected.changed = {{20, 21}};
    expected.to_delete = {{40, 41}};
    expected.inserted = {30};
    expected.absent = {50};
    EXPECT_EQ(found, expected);
}

TEST(WindowJoin, RandomWindows)
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<Entry> window, merge_table;
        std::set<std::uint64_t> seen;
        std::uint64_t const count = random() % 3000;
        for (std::uint64_t i = 0; i < count; ++i) {
            std::uint64_t const key = key_of(some_key(random));
            if (!seen.insert(key).second)
                continue;
            if (random() % 4 != 0)
                merge_table.push_back(merged(key, random() % 2, i));
            if (random() % 3 == 0)
                window.push_back(random() % 3 == 0 ? deleted(key, i) : staged(key, random() % 2, i));
        }
        std::shuffle(merge_table.begin(), merge_table.end(), random);
        Found const expected = recomputed(window, merge_table);
        for (std::size_t const budget : budgets)
            ASSERT_EQ(joined(window, merge_table, budget), expected) << "seed " << seed << ", budget " << budget;
    }
}

TEST(WindowJoin, TwoOfOneKeyAreFoundAlsoWhereTheyWereSpilled)
{
    std::vector<Entry> window, merge_table;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        window.push_back(staged(mixed(i), i, i));
        merge_table.push_back(merged(mixed(i), i + 1, i));
    }
    window.push_back(deleted(mixed(3), 5000));
    for (std::size_t const budget : budgets)
        EXPECT_EQ(joined(window, merge_table, budget).staged_twice, Places{mixed(3)}) << budget;
}

TEST(WindowJoin, TheMergeTableTakesNoRoom)
{
    std::vector<Entry> merge_table;
    for (std::uint64_t i = 0; i < 100000; ++i)
        merge_table.push_back(merged(mixed(i), i, i));
    WindowBench bench;
    Found const found = bench.join({staged(mixed(5), 5, 1), staged(mixed(6), 0, 2)}, merge_table, 8000);
    EXPECT_EQ(found.unchanged, 1u);
    EXPECT_EQ(found.changed.size(), 1u);
    EXPECT_EQ(bench.files.written, 0u);
    EXPECT_LT(bench.memory.peak, 16000u);
}

} // namespace datasurface::diff
