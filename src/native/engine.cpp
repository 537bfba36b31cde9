#include "native/engine.hpp"

#include "heap/snapshot.hpp"
#include "heap/target.hpp"
#include "native/apply.hpp"
#include "native/changes.hpp"
#include "native/compare.hpp"
#include "native/confirm_raising.hpp"
#include "native/duplicates.hpp"
#include "native/progress.hpp"
#include "pg/digest.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "storage/bufmgr.h"
}

namespace datasurface::native {

namespace {

constexpr const char *keys_share_a_hash = "the hash function of a key column's type gives different keys one hash";
constexpr const char *too_many_duplicates = "too many rows are staged with keys of other rows";

// Each attempt draws a seed. Keys whose digests collide under one seed most likely differ under another.
constexpr int most_attempts = 2;

struct Merge {
    const merge::Plan &plan;
    const Limits &limits;
    const merge::Inspect &inspect;
    heap::Tables &tables;
    ServerMemory &memory;
    TemporaryFiles &files;
    diff::Findings &findings;
    diff::Tape<diff::Pair> changed; // confirmed
    Progress progress;
    heap::LeftOut left_out;
    Outcome outcome;
};

// What an attempt to find the differences came to.
enum class Attempt {
    complete,            // all differences are found
    unexpected_rows,     // staged, as the verdict of that name says
    too_many_duplicates, // for the memory
    digests_collide      // of different keys
};

void forget(Merge &merge)
{
    merge.findings.changed.clear();
    merge.findings.inserted.clear();
    merge.findings.deleted.clear();
    merge.findings.staged_twice.clear();
    merge.findings.merged_twice = 0;
    merge.changed.clear();
}

// Compares candidates by value: some differ by their digest only.
Attempt confirm_changes(Merge &merge)
{
    diff::Tape<diff::Pair> &candidates = merge.findings.changed;
    if (candidates.size() == 0)
        return Attempt::complete;
    Confirmer *const confirmer = pg::call([&] { return begin_confirming(merge.tables); });
    diff::Pair pairs[heap::write_batch];
    Compared results[heap::write_batch];
    Attempt attempt = Attempt::complete;
    merge.progress.phase = Phase::confirming;
    merge.progress.changes_total = static_cast<std::int64_t>(candidates.size());
    merge.progress.changes_done = 0;
    show(merge.progress);
    candidates.rewind();
    while (std::size_t const count = candidates.read(pairs, heap::write_batch)) {
        pg::call([&] { confirm(*confirmer, pairs, static_cast<int>(count), results); });
        for (std::size_t i = 0; i < count; ++i) {
            if (results[i] == Compared::changed)
                merge.changed.append(pairs[i]);
            else if (results[i] == Compared::unchanged)
                merge.outcome.result.unchanged++;
            else
                attempt = Attempt::digests_collide;
        }
        merge.progress.changes_done += static_cast<std::int64_t>(count);
        show(merge.progress);
    }
    pg::call([&] { end_confirming(*confirmer); });
    return attempt;
}

Attempt compare_with(Merge &merge, std::uint64_t seed)
{
    forget(merge);
    Comparison const compared = compare(merge.tables, merge.limits, seed, merge.left_out, merge.memory, merge.files,
                                        merge.findings, merge.progress);
    merge::Result &result = merge.outcome.result;
    result.workers = compared.workers;
    result.reason = compared.why_no_more;
    result.unchanged = compared.unchanged;
    result.surplus = compared.left_out;
    bool const as_expected = compared.staged == merge.plan.staged.rows && compared.null_keys == 0;
    return as_expected ? Attempt::complete : Attempt::unexpected_rows;
}

bool is_empty(Relation relation)
{
    return pg::call([&] { return RelationGetNumberOfBlocks(relation) == 0; });
}

// Leaves out the rows that later ones replace, and compares again.
Attempt leave_out_duplicates(Merge &merge, std::uint64_t seed)
{
    diff::Findings &findings = merge.findings;
    merge.progress.phase = Phase::finding_duplicates;
    show(merge.progress);
    pg::stop_point("merge.finding_duplicates");
    if (!is_empty(merge.tables.merge.relation)) // else no staged row can have met a row of it
        find_met_before(merge.tables, seed, findings.inserted, findings.staged_twice);
    if (findings.staged_twice.size() == 0)
        return Attempt::complete;
    Duplicates const found =
        find_duplicates(merge.tables, seed, findings.staged_twice, merge.memory, merge.limits.memory);
    if (found.too_many)
        return Attempt::too_many_duplicates;
    merge.left_out = found.left_out;
    return compare_with(merge, seed);
}

Attempt find_changes_with(Merge &merge, std::uint64_t seed)
{
    merge.left_out = {nullptr, 0};
    Attempt attempt = compare_with(merge, seed);
    if (attempt == Attempt::complete && merge.plan.keeps_last())
        attempt = leave_out_duplicates(merge, seed);
    if (attempt != Attempt::complete)
        return attempt;
    if (merge.findings.merged_twice > 0) // its primary key excludes that
        return Attempt::digests_collide;
    if (merge.findings.staged_twice.size() > 0)
        return merge.plan.keeps_last() ? Attempt::digests_collide : Attempt::unexpected_rows;
    return confirm_changes(merge);
}

Attempt find_changes(Merge &merge)
{
    Attempt attempt = Attempt::digests_collide;
    for (int i = 0; i < most_attempts && attempt == Attempt::digests_collide; ++i)
        attempt = find_changes_with(merge, pg::random_seed());
    return attempt;
}

// findings: none of a first load.
bool may_write(Merge &merge, diff::Findings *findings)
{
    FoundChanges changes(merge.plan, merge.outcome.result, merge.tables, findings, merge.changed, merge.limits.memory);
    if (merge.inspect(changes))
        return true;
    merge.outcome.verdict = Verdict::stopped;
    return false;
}

void apply_changes(Merge &merge)
{
    pg::stop_point("merge.compared");
    Outcome &outcome = merge.outcome;
    outcome.result.updated = static_cast<std::int64_t>(merge.changed.size());
    outcome.result.inserted = static_cast<std::int64_t>(merge.findings.inserted.size());
    outcome.result.deleted = static_cast<std::int64_t>(merge.findings.deleted.size());
    if (!may_write(merge, &merge.findings))
        return;
    outcome.wrote = true;
    outcome.verdict = apply(merge.tables, merge.findings, merge.changed, merge.limits.memory, merge.progress);
}

bool is_first_load(const Merge &merge)
{
    return !merge.plan.keeps_last() && is_empty(merge.tables.merge.relation);
}

void load_all(Merge &merge)
{
    merge.outcome.result.inserted = merge.plan.staged.rows;
    if (!may_write(merge, nullptr))
        return;
    merge.outcome.wrote = true;
    merge.outcome.verdict = load(merge.tables, merge.progress);
}

void stop(Outcome &outcome, Verdict verdict, const char *why)
{
    outcome.verdict = verdict;
    outcome.why = why;
}

void merge_whole_snapshot(Merge &merge)
{
    if (is_first_load(merge))
        return load_all(merge);
    switch (find_changes(merge)) {
    case Attempt::complete:
        return apply_changes(merge);
    case Attempt::unexpected_rows:
        return stop(merge.outcome, Verdict::unexpected_rows, keys_share_a_hash);
    case Attempt::too_many_duplicates:
        return stop(merge.outcome, Verdict::refused, too_many_duplicates);
    case Attempt::digests_collide:
        return stop(merge.outcome, Verdict::refused, keys_share_a_hash);
    }
}

void run(Merge &merge)
{
    switch (merge.plan.mode) {
    case merge::Mode::whole_snapshot:
        return merge_whole_snapshot(merge);
    }
}

Outcome run_in(const heap::Opened &opened, MemoryContext context, const merge::Plan &plan, const Limits &limits,
               const merge::Inspect &inspect)
{
    Outcome outcome;
    outcome.result.engine = merge::Engine::native;
    outcome.result.staged = plan.staged.rows;
    if (opened.problem != nullptr) {
        stop(outcome, Verdict::refused, opened.problem);
        return outcome;
    }
    ServerMemory memory(context);
    TemporaryFiles files(context);
    diff::Findings findings = make_findings(memory, files, limits.memory);
    Progress const progress{RelationGetRelid(opened.tables->merge.relation), plan.batch};
    Merge merge{plan,     limits, inspect,  *opened.tables,
                memory,   files,  findings, {memory, files, list_share(limits.memory)},
                progress, {},     outcome};
    run(merge);
    show_nothing();
    files.close_all();
    return merge.outcome;
}

} // namespace

Outcome merge(const merge::Plan &plan, const Limits &limits, const pg::Snapshot &snapshot,
              const merge::Inspect &inspect)
{
    MemoryContext const context = pg::call(
        [] { return AllocSetContextCreate(CurTransactionContext, "datasurface merge", ALLOCSET_DEFAULT_SIZES); });
    heap::Opened const opened = pg::call([&] {
        Snapshot const active = heap::push_snapshot(snapshot);
        return heap::open_tables(plan, context, active);
    });
    Outcome outcome = run_in(opened, context, plan, limits, inspect);
    pg::call([&] {
        heap::close_tables(*opened.tables);
        PopActiveSnapshot();
        MemoryContextDelete(context);
    });
    return outcome;
}

} // namespace datasurface::native
