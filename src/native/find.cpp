#include "native/find.hpp"

#include "heap/target.hpp"
#include "native/compare_window.hpp"
#include "native/confirm_raising.hpp"
#include "native/duplicates.hpp"
#include "native/order.hpp"
#include "native/parts.hpp"
#include "pg/digest.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "storage/bufmgr.h"
}

namespace datasurface::native {

namespace {

using State = MergeState;

constexpr const char *keys_share_a_hash = "the hash function of a key column's type gives different keys one hash";
constexpr const char *too_many_duplicates = "too many rows are staged with keys of other rows";

// Each attempt draws a seed. Keys whose digests collide under one seed most likely differ under another.
constexpr int most_attempts = 2;

// Of the rows that a watcher sees at once, all that was read of them has to stay in the processor's cache.
constexpr std::size_t rows_seen_at_once = 4 * heap::write_batch;

// What an attempt to find the differences came to.
enum class Attempt {
    complete,            // all differences are found
    unexpected_rows,     // staged, as the verdict of that name says
    too_many_duplicates, // for the memory
    digests_collide      // of different keys
};

void forget(State &merge)
{
    merge.findings.changed.clear();
    merge.findings.inserted.clear();
    merge.findings.deleted.clear();
    merge.findings.to_delete.clear();
    merge.findings.absent.clear();
    merge.findings.staged_twice.clear();
    merge.findings.merged_twice = 0;
    merge.changed.clear();
}

// Where the watcher sees rows. Without one, nothing happens.
class Seen {
public:
    explicit Seen(const State &merge)
        : watched_(merge.watcher != nullptr),
          parts_(merge.plan.shape, rows_seen_at_once,
                 [&merge](const merge::RowSource &part) { merge.watcher->see(part); })
    {
    }

    void add(std::uint64_t place)
    {
        if (watched_)
            parts_.add(place);
    }

    void finish() { parts_.finish(); }

private:
    bool watched_;
    Parts parts_;
};

// Compares candidates by value: some differ by their digest only.
Attempt confirm_changes(State &merge)
{
    diff::Tape<diff::Pair> &candidates = merge.findings.changed;
    if (candidates.size() == 0)
        return Attempt::complete;
    Confirmer *const confirmer = pg::call([&] { return begin_confirming(*merge.tables); });
    diff::Pair pairs[heap::write_batch];
    Compared results[heap::write_batch];
    Attempt attempt = Attempt::complete;
    merge.progress.phase = Phase::confirming;
    merge.progress.changes_total = static_cast<std::int64_t>(candidates.size());
    merge.progress.changes_done = 0;
    show(merge.progress);
    Seen updated(merge);
    candidates.rewind();
    while (std::size_t const count = candidates.read(pairs, heap::write_batch)) {
        pg::call([&] { confirm(*confirmer, pairs, static_cast<int>(count), results); });
        for (std::size_t i = 0; i < count; ++i) {
            if (results[i] == Compared::changed) {
                merge.changed.append(pairs[i]);
                updated.add(pairs[i].staged);
            } else if (results[i] == Compared::unchanged)
                merge.result.unchanged++;
            else
                attempt = Attempt::digests_collide;
        }
        merge.progress.changes_done += static_cast<std::int64_t>(count);
        show(merge.progress);
    }
    updated.finish();
    pg::call([&] { end_confirming(*confirmer); });
    return attempt;
}

// Keys whose digests collide are told apart before the row of another key is deleted.
Attempt confirm_deletes(State &merge)
{
    diff::Tape<diff::Pair> &candidates = merge.findings.to_delete;
    if (candidates.size() == 0)
        return Attempt::complete;
    Confirmer *const confirmer = pg::call([&] { return begin_confirming(*merge.tables); });
    diff::Pair pairs[heap::write_batch];
    bool same = true;
    candidates.rewind();
    while (std::size_t const count = same ? candidates.read(pairs, heap::write_batch) : 0) {
        same = pg::call([&] { return have_same_keys(*confirmer, pairs, static_cast<int>(count)); });
        for (std::size_t i = 0; i < count; ++i)
            merge.findings.deleted.append(pairs[i].merged);
    }
    pg::call([&] { end_confirming(*confirmer); });
    candidates.clear();
    return same ? Attempt::complete : Attempt::digests_collide;
}

Comparison compare_as_planned(State &merge, std::uint64_t seed)
{
    switch (merge.plan.mode) {
    case merge::Mode::whole_snapshot:
        return compare(*merge.tables, merge.limits, seed, merge.left_out, merge.memory, merge.files, merge.findings,
                       merge.progress);
    case merge::Mode::window:
        return compare_window(*merge.tables, merge.limits, seed, merge.left_out, merge.memory, merge.files,
                              merge.findings, merge.progress, merge.result.looked_up.emplace());
    }
    return {};
}

Attempt compare_with(State &merge, std::uint64_t seed)
{
    forget(merge);
    Comparison const compared = compare_as_planned(merge, seed);
    merge::Result &result = merge.result;
    result.workers = compared.workers;
    result.reason = compared.why_no_more;
    result.unchanged = compared.unchanged;
    result.surplus = compared.left_out;
    bool const as_expected = compared.staged == merge.plan.staged.rows && compared.null_keys == 0;
    return as_expected ? Attempt::complete : Attempt::unexpected_rows;
}

// Leaves out the rows that later ones replace, and compares again.
Attempt leave_out_duplicates(State &merge, std::uint64_t seed)
{
    diff::Findings &findings = merge.findings;
    merge.progress.phase = Phase::finding_duplicates;
    show(merge.progress);
    pg::stop_point("merge.finding_duplicates");
    // A staged row may have met a row of the merge table before another of its key came; in a window they come first.
    if (merge.plan.mode == merge::Mode::whole_snapshot && !is_empty(merge))
        find_met_before(*merge.tables, seed, findings.inserted, findings.staged_twice);
    if (findings.staged_twice.size() == 0)
        return Attempt::complete;
    Duplicates const found =
        find_duplicates(*merge.tables, seed, findings.staged_twice, merge.memory, merge.limits.memory);
    if (found.too_many)
        return Attempt::too_many_duplicates;
    merge.left_out = found.left_out;
    return compare_with(merge, seed);
}

Attempt attempt_with(State &merge, std::uint64_t seed)
{
    merge.left_out = {nullptr, 0};
    if (merge.watcher != nullptr)
        merge.watcher->begin();
    Attempt attempt = compare_with(merge, seed);
    if (attempt == Attempt::complete && merge.plan.keeps_last())
        attempt = leave_out_duplicates(merge, seed);
    if (attempt != Attempt::complete)
        return attempt;
    if (merge.findings.merged_twice > 0) // its primary key excludes that
        return Attempt::digests_collide;
    if (merge.findings.staged_twice.size() > 0)
        return merge.plan.keeps_last() ? Attempt::digests_collide : Attempt::unexpected_rows;
    attempt = confirm_deletes(merge);
    return attempt == Attempt::complete ? confirm_changes(merge) : attempt;
}

Attempt attempt_all(State &merge)
{
    Attempt attempt = Attempt::digests_collide;
    for (int i = 0; i < most_attempts && attempt == Attempt::digests_collide; ++i)
        attempt = attempt_with(merge, pg::random_seed());
    return attempt;
}

void see_inserted(State &merge)
{
    if (merge.watcher == nullptr)
        return;
    Seen inserted(merge);
    std::uint64_t places[heap::write_batch];
    merge.findings.inserted.rewind();
    while (std::size_t const count = merge.findings.inserted.read(places, heap::write_batch))
        for (std::size_t i = 0; i < count; ++i)
            inserted.add(places[i]);
    inserted.finish();
    merge.watcher->end();
}

// The lists are put in order here, for what is written in a subtransaction that is rolled back takes its temporary files along.
void note_changes(State &merge)
{
    merge.findings.changed.clear();
    put_in_order(merge.findings.deleted, merge.limits.memory);
    put_in_order(merge.findings.inserted, merge.limits.memory);
    see_inserted(merge);
    merge.result.updated = static_cast<std::int64_t>(merge.changed.size());
    merge.result.inserted = static_cast<std::int64_t>(merge.findings.inserted.size());
    merge.result.deleted = static_cast<std::int64_t>(merge.findings.deleted.size());
    pg::stop_point("merge.compared");
}

} // namespace

bool is_empty(const MergeState &merge)
{
    return pg::call([&] { return RelationGetNumberOfBlocks(merge.tables->merge.relation) == 0; });
}

Outcome find_changes(MergeState &merge)
{
    switch (attempt_all(merge)) {
    case Attempt::complete:
        note_changes(merge);
        return {};
    case Attempt::unexpected_rows:
        return {Verdict::unexpected_rows, keys_share_a_hash};
    case Attempt::too_many_duplicates:
        return {Verdict::refused, too_many_duplicates};
    case Attempt::digests_collide:
        return {Verdict::refused, keys_share_a_hash};
    }
    return {};
}

Outcome confirm_received(MergeState &merge)
{
    if (confirm_changes(merge) != Attempt::complete)
        return {Verdict::refused, keys_share_a_hash};
    note_changes(merge);
    return {};
}

} // namespace datasurface::native
