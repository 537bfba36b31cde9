#include "native/engine.hpp"

#include "heap/snapshot.hpp"
#include "native/apply.hpp"
#include "native/find.hpp"
#include "native/receive.hpp"
#include "native/receive_raising.hpp"
#include "pg/digest.hpp"

namespace datasurface::native {

namespace {

using State = MergeState;

// Of a window with deletes nobody knows before which of its rows are new.
Outcome compare_staged(State &merge)
{
    merge.is_first_load = !merge.plan.keeps_last() && !merge.plan.has_deletes() && is_empty(merge);
    if (!merge.is_first_load)
        return find_changes(merge);
    merge.result.inserted = merge.plan.staged.rows;
    return {};
}

// Of rows that arrive. Candidates are staged by this, and read by a snapshot that sees them.
Outcome receive_whole_snapshot(State &merge, heap::Arriving &rows)
{
    if (merge.watcher != nullptr)
        merge.watcher->begin();
    Received received;
    read_by(merge.snapshot, *merge.tables, [&] {
        received = native::receive(*merge.tables, with_deleted(merge.plan.shape), merge.limits, pg::random_seed(), rows,
                                   merge.memory, merge.findings, merge.progress);
    });
    if (received.odd != nullptr)
        return {Verdict::refused, received.odd};
    pg::see_own_changes(merge.snapshot);
    merge.kept = merge.tables->batch_rows = received.kept;
    merge.result.staged = received.rows;
    merge.result.unchanged = received.unchanged;
    Outcome outcome;
    read_by(merge.snapshot, *merge.tables, [&] { outcome = confirm_received(merge); });
    return outcome;
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
    Outcome const outcome = problem.empty() ? compare_staged(merge) : Outcome{Verdict::refused, problem};
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
    merge.is_first_load = watcher == nullptr && !merge.plan.keeps_last() && is_empty(merge);
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
