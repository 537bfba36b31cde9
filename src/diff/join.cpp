#include "diff/join.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::diff {

namespace {

constexpr std::size_t ahead = 64;         // entries whose slots are prefetched together
constexpr std::size_t read_at_once = 256; // entries; 8 kB, a block of the server

} // namespace

Join::Join(Memory &memory, Files &files, std::size_t budget, std::uint64_t expected, Findings &findings)
    : Join(memory, files, budget, expected, findings, 0)
{
}

Join::Join(Memory &memory, Files &files, std::size_t budget, std::uint64_t expected, Findings &findings, unsigned level)
    : memory_(memory), files_(files), budget_(budget), findings_(findings), level_(level),
      table_(memory, budget, expected), spill_(memory, files, level)
{
}

void Join::hand_over_to(int file)
{
    hands_over_ = true;
    spill_.all_into(file);
}

void Join::add(const Entry *entries, std::size_t count)
{
    while (count > 0) {
        std::size_t const batch = std::min(count, ahead);
        for (std::size_t i = 0; i < batch; ++i)
            table_.prefetch(key_of(entries[i].key));
        for (std::size_t i = 0; i < batch; ++i)
            add_one(entries[i]);
        entries += batch;
        count -= batch;
    }
}

inline void Join::add_one(const Entry &entry)
{
    bool const merged = is_merged(entry);
    counts_.merged += merged;
    counts_.staged += !merged;
    std::uint64_t const key = key_of(entry.key);
    if (merged && for_staged_only_)
        return add_merged_of_window(entry, key);
    Entry *const slot = table_.find(key);
    if (slot->key != 0)
        return match(entry, slot);
    table_.put(slot, entry, key);
    if (table_.is_full())
        make_room();
}

// Once staged entries are in files, all are put there before the first merged one: of two of one key, both must still wait when a merged
// one comes, for else it would hide that there are two.
inline void Join::add_merged_of_window(const Entry &entry, std::uint64_t key)
{
    if (!spill_.is_used()) {
        Entry *const slot = table_.find(key);
        return slot->key != 0 ? match(entry, slot) : void();
    }
    if (!table_.is_empty())
        spill();
    Entry with_key = entry;
    with_key.key = key;
    spill_.add(with_key);
}

// Two rows of one side with one key are an error in the data. The new one is reported and dropped; the caller must not apply
// these findings.
inline void Join::match(const Entry &entry, Entry *slot)
{
    if (is_merged(entry) != is_merged(*slot)) {
        if (entry.row[0] == slot->row[0] && entry.row[1] == slot->row[1])
            ++counts_.unchanged;
        else if (is_merged(entry))
            match_differing(*slot, entry);
        else
            match_differing(entry, *slot);
        return table_.take_out(slot);
    }
    if (is_merged(entry))
        ++findings_.merged_twice;
    else
        findings_.staged_twice.append(slot->key);
}

inline void Join::match_differing(const Entry &staged, const Entry &merged)
{
    (is_delete(staged) ? findings_.to_delete : findings_.changed).append({place_of(staged), place_of(merged)});
}

void Join::make_room()
{
    if (table_.grow(budget_))
        return;
    spill();
    table_.grow_when_empty(budget_);
}

void Join::spill()
{
    table_.drain([this](const Entry &entry) { spill_.add(entry); });
}

void Join::finish()
{
    settle();
    table_.release();
}

// Afterwards nothing waits, and the join can take entries again.
void Join::settle()
{
    if (!hands_over_ && !spill_.is_used())
        return report_unmatched();
    spill();
    table_.shrink();
    spill_.flush();
    if (!hands_over_)
        join_parts();
    spill_.forget();
}

void Join::report_unmatched()
{
    table_.drain([this](const Entry &entry) {
        (is_merged(entry)   ? findings_.deleted
         : is_delete(entry) ? findings_.absent
                            : findings_.inserted)
            .append(place_of(entry));
    });
}

void Join::join_parts()
{
    std::uint64_t most = 0;
    for (unsigned part = 0; part < Spill::parts; ++part)
        most = std::max(most, spill_.entries(part));
    // With both sides in random order, most entries wait when half of them were read, of which half have matched: a quarter.
    Join join(memory_, files_, budget_, most / 4, findings_, level_ + 1);
    join.for_staged_only_ = for_staged_only_;
    for (unsigned part = 0; part < Spill::parts; ++part)
        if (spill_.entries(part) > 0)
            join.read_part(spill_.file(part), spill_.entries(part));
    join.table_.release();
    counts_.unchanged += join.counts_.unchanged;
}

void Join::read_part(int file, std::uint64_t expected)
{
    files_.rewind(file);
    std::uint64_t count = 0;
    Entry entries[read_at_once];
    while (std::size_t const got = files_.read(file, entries, sizeof(entries)) / sizeof(Entry)) {
        memory_.poll();
        add(entries, got);
        count += got;
    }
    if (count != expected)
        throw Error(sqlstate::internal_error, "a temporary file of the merge ended early");
    files_.close(file);
    settle();
}

} // namespace datasurface::diff
