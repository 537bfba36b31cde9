#include "native/engine.hpp"

#include "heap/own_changes.hpp"
#include "heap/target.hpp"
#include "native/apply.hpp"
#include "native/compare.hpp"
#include "native/confirm.hpp"
#include "native/duplicates.hpp"
#include "native/progress.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "storage/bufmgr.h"
}

namespace datasurface::native {

namespace {

constexpr const char *mixed_up = "the hash function of a key column's type gives different keys one hash";

struct Merge {
    heap::Tables &tables;
    const Request &request;
    ServerMemory &memory;
    TemporaryFiles &files;
    diff::Findings &findings;
    diff::Tape<diff::Pair> changed; // confirmed
    Progress progress;
    heap::LeftOut left_out;
    Outcome outcome;
};

void refuse(Merge &merge, const std::string &why)
{
    merge.outcome.verdict = Verdict::refused;
    merge.outcome.why = why;
}

void forget(Merge &merge)
{
    merge.findings.changed.clear();
    merge.findings.inserted.clear();
    merge.findings.deleted.clear();
    merge.findings.staged_twice.clear();
    merge.findings.merged_twice = 0;
    merge.changed.clear();
}

// Whether the digests stand for keys one to one. If not, another seed will most likely do.
enum class Keys { told_apart, mixed_up };

// What differs by its digest only is not changed.
Keys confirm_changes(Merge &merge)
{
    diff::Tape<diff::Pair> &candidates = merge.findings.changed;
    if (candidates.size() == 0)
        return Keys::told_apart;
    Confirmer *const confirmer = pg::call([&] { return begin_confirming(merge.tables); });
    diff::Pair pairs[heap::write_batch];
    Compared results[heap::write_batch];
    Keys keys = Keys::told_apart;
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
                merge.outcome.unchanged++;
            else
                keys = Keys::mixed_up;
        }
        merge.progress.changes_done += static_cast<std::int64_t>(count);
        show(merge.progress);
    }
    pg::call([&] { end_confirming(*confirmer); });
    return keys;
}

void compare_with(Merge &merge, std::uint64_t seed)
{
    forget(merge);
    Comparison const compared = compare(merge.tables, merge.request, seed, merge.left_out, merge.memory, merge.files,
                                        merge.findings, merge.progress);
    merge.outcome.workers = compared.workers;
    merge.outcome.why_no_more = compared.why_no_more;
    merge.outcome.unchanged = compared.unchanged;
    merge.outcome.surplus = compared.left_out;
    bool const odd = compared.staged != merge.request.staged || compared.null_keys > 0;
    merge.outcome.verdict = odd ? Verdict::odd_staging : Verdict::merged;
    merge.outcome.why = odd ? mixed_up : "";
}

bool is_empty(Relation relation)
{
    return pg::call([&] { return RelationGetNumberOfBlocks(relation) == 0; });
}

// Leaves out the rows that later ones replace, and compares again.
void leave_out_duplicates(Merge &merge, std::uint64_t seed)
{
    diff::Findings &findings = merge.findings;
    merge.progress.phase = Phase::finding_duplicates;
    show(merge.progress);
    pg::stop_point("merge.finding_duplicates");
    if (!is_empty(merge.tables.merge.relation)) // else nobody can have met a row of it
        find_met_before(merge.tables, seed, findings.inserted, findings.staged_twice);
    if (findings.staged_twice.size() == 0)
        return;
    Duplicates const found =
        find_duplicates(merge.tables, seed, findings.staged_twice, merge.memory, merge.request.memory);
    if (found.too_many)
        return refuse(merge, "too many rows are staged with keys of other rows");
    merge.left_out = found.left_out;
    compare_with(merge, seed);
}

Keys find_changes(Merge &merge)
{
    std::uint64_t const seed = draw_seed();
    merge.left_out = {nullptr, 0};
    compare_with(merge, seed);
    if (merge.request.keep_last && merge.outcome.verdict == Verdict::merged)
        leave_out_duplicates(merge, seed);
    if (merge.outcome.verdict != Verdict::merged)
        return Keys::told_apart;
    if (merge.findings.merged_twice > 0)
        return Keys::mixed_up;
    if (merge.findings.staged_twice.size() > 0) {
        merge.outcome.verdict = Verdict::odd_staging;
        merge.outcome.why = mixed_up;
        return merge.request.keep_last ? Keys::mixed_up : Keys::told_apart;
    }
    return confirm_changes(merge);
}

bool is_first_load(const Merge &merge)
{
    return !merge.request.keep_last && is_empty(merge.tables.merge.relation);
}

void run(Merge &merge)
{
    if (is_first_load(merge)) {
        merge.outcome.wrote = true;
        merge.outcome.verdict = load(merge.tables, merge.request.staged, merge.progress);
        merge.outcome.inserted = merge.request.staged;
        return;
    }
    if (find_changes(merge) == Keys::mixed_up && find_changes(merge) == Keys::mixed_up)
        return refuse(merge, mixed_up);
    if (merge.outcome.verdict != Verdict::merged)
        return;
    pg::stop_point("merge.compared");
    merge.outcome.wrote = true;
    merge.outcome.verdict = apply(merge.tables, merge.findings, merge.changed, merge.request.memory, merge.progress);
    merge.outcome.updated = static_cast<std::int64_t>(merge.changed.size());
    merge.outcome.inserted = static_cast<std::int64_t>(merge.findings.inserted.size());
    merge.outcome.deleted = static_cast<std::int64_t>(merge.findings.deleted.size());
}

Outcome run_in(const heap::Opened &opened, MemoryContext context, const Request &request)
{
    Outcome outcome;
    if (opened.problem != nullptr) {
        outcome.verdict = Verdict::refused;
        outcome.why = opened.problem;
        return outcome;
    }
    opened.tables->last_arrival = request.last_arrival;
    opened.tables->batch = request.batch;
    ServerMemory memory(context);
    TemporaryFiles files(context);
    diff::Findings findings = make_findings(memory, files, request.memory);
    Progress const progress{RelationGetRelid(opened.tables->merge.relation), request.batch};
    Merge merge{*opened.tables, request, memory, files, findings, {memory, files, list_share(request.memory)},
                progress,       {},      {}};
    run(merge);
    show_nothing();
    files.close_all();
    return merge.outcome;
}

} // namespace

Outcome merge(const shape::Shape &shape, const Request &request, const pg::Snapshot &snapshot)
{
    MemoryContext const context = pg::call(
        [] { return AllocSetContextCreate(CurTransactionContext, "datasurface merge", ALLOCSET_DEFAULT_SIZES); });
    heap::Opened const opened =
        pg::call([&] { return heap::open_tables(shape, context, heap::see_own_changes(snapshot)); });
    Outcome outcome = run_in(opened, context, request);
    pg::call([&] {
        heap::close_tables(*opened.tables);
        PopActiveSnapshot();
        MemoryContextDelete(context);
    });
    return outcome;
}

} // namespace datasurface::native
