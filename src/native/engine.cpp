#include "native/engine.hpp"

#include <algorithm>
#include <optional>

#include "heap/snapshot.hpp"
#include "heap/target.hpp"
#include "native/apply.hpp"
#include "native/changes.hpp"
#include "native/compare.hpp"
#include "native/confirm_raising.hpp"
#include "native/duplicates.hpp"
#include "native/order.hpp"
#include "native/parts.hpp"
#include "native/progress.hpp"
#include "native/receive.hpp"
#include "native/receive_raising.hpp"
#include "pg/digest.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "storage/bufmgr.h"
}

namespace datasurface::native {

struct MergeState {
    MergeState(const merge::Plan &of, const Limits &may_use, const pg::Snapshot &by, MemoryContext own_context)
        : plan(of), limits(may_use), snapshot(by), context(own_context), memory(context), files(context),
          findings(make_findings(memory, files, list_limit())), changed(memory, files, list_limit())
    {
        result.engine = merge::Engine::native;
        result.staged = plan.staged.rows;
    }

    // Few changes need no file, however many merges there are.
    std::size_t list_limit() const { return std::max(list_share(limits.memory) / limits.at_once, std::size_t{4096}); }

    const merge::Plan &plan;
    Limits const limits;
    const pg::Snapshot &snapshot;
    MemoryContext const context;
    heap::Tables *tables = nullptr; // while they are open
    ServerMemory memory;
    TemporaryFiles files;
    diff::Findings findings;
    diff::Tape<diff::Pair> changed; // confirmed
    Progress progress{};
    heap::LeftOut left_out{};
    bool is_first_load = false;
    heap::Arriving *arriving = nullptr; // of a first load
    merge::Staged kept;                 // of rows that arrived
    merge::Result result;
    std::optional<FoundChanges> changes;
    merge::Watcher *watcher = nullptr; // or none
};

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

Attempt compare_with(State &merge, std::uint64_t seed)
{
    forget(merge);
    Comparison const compared = compare(*merge.tables, merge.limits, seed, merge.left_out, merge.memory, merge.files,
                                        merge.findings, merge.progress);
    merge::Result &result = merge.result;
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
Attempt leave_out_duplicates(State &merge, std::uint64_t seed)
{
    diff::Findings &findings = merge.findings;
    merge.progress.phase = Phase::finding_duplicates;
    show(merge.progress);
    pg::stop_point("merge.finding_duplicates");
    if (!is_empty(merge.tables->merge.relation)) // else no staged row can have met a row of it
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

Attempt find_changes_with(State &merge, std::uint64_t seed)
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
    return confirm_changes(merge);
}

Attempt find_changes(State &merge)
{
    Attempt attempt = Attempt::digests_collide;
    for (int i = 0; i < most_attempts && attempt == Attempt::digests_collide; ++i)
        attempt = find_changes_with(merge, pg::random_seed());
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

Outcome compare_whole_snapshot(State &merge)
{
    merge.is_first_load = !merge.plan.keeps_last() && is_empty(merge.tables->merge.relation);
    if (merge.is_first_load) {
        merge.result.inserted = merge.plan.staged.rows;
        return {};
    }
    switch (find_changes(merge)) {
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

// Of rows that arrive. Candidates are staged by this, and read by a snapshot that sees them.
Outcome receive_whole_snapshot(State &merge, heap::Arriving &rows)
{
    if (merge.watcher != nullptr)
        merge.watcher->begin();
    Received received;
    read_by(merge.snapshot, *merge.tables, [&] {
        received = native::receive(*merge.tables, merge.plan.shape, merge.limits, pg::random_seed(), rows, merge.memory,
                                   merge.findings, merge.progress);
    });
    if (received.odd != nullptr)
        return {Verdict::refused, received.odd};
    pg::see_own_changes(merge.snapshot);
    merge.kept = merge.tables->batch_rows = received.kept;
    merge.result.staged = received.rows;
    merge.result.unchanged = received.unchanged;
    Attempt confirmed = Attempt::complete;
    read_by(merge.snapshot, *merge.tables, [&] {
        confirmed = confirm_changes(merge);
        if (confirmed == Attempt::complete)
            note_changes(merge);
    });
    return confirmed == Attempt::complete ? Outcome{} : Outcome{Verdict::refused, keys_share_a_hash};
}

Outcome compare_as_planned(State &merge)
{
    switch (merge.plan.mode) {
    case merge::Mode::whole_snapshot:
        return compare_whole_snapshot(merge);
    case merge::Mode::window:
        return {Verdict::refused, "the rows are those of a window"};
    }
    return {};
}

// Opens the tables, with the snapshot active. Returns why they cannot be merged without SQL, or nothing.
std::string begin(State &merge)
{
    heap::Opened const opened = pg::call([&] {
        Snapshot const active = heap::push_snapshot(merge.snapshot);
        return heap::open_tables(merge.plan, merge.context, active);
    });
    merge.tables = opened.tables;
    if (opened.problem != nullptr)
        return opened.problem;
    merge.progress = {RelationGetRelid(merge.tables->merge.relation), merge.plan.batch};
    merge.changes.emplace(merge.plan, merge.result, *merge.tables, merge.snapshot, merge.is_first_load, merge.findings,
                          merge.changed);
    return "";
}

Verdict write(State &merge)
{
    if (!merge.is_first_load)
        return native::apply(*merge.tables, merge.findings, merge.changed, merge.progress);
    if (merge.arriving == nullptr)
        return load(*merge.tables, merge.progress);
    merge::Result &result = merge.result;
    Verdict const verdict = load(*merge.tables, *merge.arriving, result.inserted, merge.progress);
    result.staged = result.inserted;
    return verdict;
}

MemoryContext make_context()
{
    return pg::call(
        [] { return AllocSetContextCreate(CurTransactionContext, "datasurface merge", ALLOCSET_START_SMALL_SIZES); });
}

} // namespace

Merge::Merge(const merge::Plan &plan, const Limits &limits, const pg::Snapshot &snapshot)
    : state_(std::make_unique<MergeState>(plan, limits, snapshot, make_context()))
{
}

Merge::~Merge() {}

Outcome Merge::compare(merge::Watcher *watcher)
{
    State &merge = *state_;
    merge.watcher = watcher;
    std::string const problem = begin(merge);
    Outcome const outcome = problem.empty() ? compare_as_planned(merge) : Outcome{Verdict::refused, problem};
    pg::call([] { PopActiveSnapshot(); });
    show_nothing();
    return outcome;
}

Outcome Merge::prepare_to_receive()
{
    State &merge = *state_;
    std::string problem = begin(merge);
    pg::call([] { PopActiveSnapshot(); });
    if (!problem.empty())
        return {Verdict::refused, problem};
    const char *const unfit = pg::call([&] { return unfit_to_receive(*merge.tables); });
    if (unfit != nullptr)
        return {Verdict::refused, unfit};
    bool const fits = may_fit(*merge.tables, merge.limits);
    return fits ? Outcome{} : Outcome{Verdict::refused, "the merge table is too large for datasurface.merge_work_mem"};
}

Outcome Merge::receive(heap::Arriving &rows, merge::Watcher *watcher)
{
    State &merge = *state_;
    merge.watcher = watcher;
    // a watcher sees rows in the staging table
    merge.is_first_load = watcher == nullptr && !merge.plan.keeps_last() && is_empty(merge.tables->merge.relation);
    Outcome outcome;
    if (merge.is_first_load)
        merge.arriving = &rows;
    else
        outcome = receive_whole_snapshot(merge, rows);
    show_nothing();
    return outcome;
}

const merge::Staged &Merge::kept() const
{
    return state_->kept;
}

bool Merge::is_first_load() const
{
    return state_->is_first_load;
}

merge::Changes &Merge::changes()
{
    return *state_->changes;
}

Verdict Merge::apply()
{
    State &merge = *state_;
    Verdict verdict = Verdict::done;
    read_by(merge.snapshot, *merge.tables, [&] { verdict = write(merge); });
    show_nothing();
    return verdict;
}

void Merge::close()
{
    State &merge = *state_;
    merge.files.close_all();
    pg::call([&] {
        if (merge.tables != nullptr)
            heap::close_tables(*merge.tables);
        MemoryContextDelete(merge.context);
    });
    state_.reset();
}

} // namespace datasurface::native
