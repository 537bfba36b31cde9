#include "batch/publish.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "ingest/run.hpp"
#include "pg/savepoint.hpp"

namespace datasurface::batch {

Publication::Publication(Work &work, std::vector<catalog::BatchDataset> records, const pg::Snapshot &snapshot,
                         Progress &progress)
    : work_(work), snapshot_(snapshot), progress_(progress), inspection_(work, std::move(records), snapshot, progress)
{
    is_loaded_.resize(work.members.size());
    for (std::size_t i = 0; i < work.members.size(); ++i) {
        const catalog::BatchDataset &record = inspection_.records[i];
        merge::Plan const plan = merge::plan_merge(record.mode, work.members[i].shape(), work.batch.id,
                                                   record.staged.value_or(merge::Staged()));
        merges_.push_back(std::make_unique<merge::Merging>(plan, snapshot, work.members.size()));
    }
}

// Runs a part of the merge of a dataset, and notes how long it took.
template <class Body>
void Publication::take_part(std::size_t member, Body body)
{
    progress_.step = "merge of dataset " + work_.members[member].row.name;
    Stopwatch const watch;
    body(*merges_[member]);
    inspection_.records[member].merge_seconds += watch.seconds();
}

// The sql engine does not compare first, for it would read both tables twice. It does where nothing will be written, or most likely so.
void Publication::compare(std::size_t member)
{
    bool const any_engine = inspection_.is_stopped() || inspection_.releases() || work_.replaced;
    take_part(member, [&](merge::Merging &merge) {
        merge.compare(any_engine ? std::optional(inspection_.seed()) : std::nullopt, inspection_.watcher(member));
        if (merge.has_found())
            inspection_.ask(member, merge);
    });
}

void Publication::apply(std::size_t member)
{
    take_part(member, [&](merge::Merging &merge) {
        bool const was_found = merge.has_found();
        merge.apply();
        if (!was_found)
            inspection_.ask(member, merge);
    });
}

// False if the batch was stopped.
bool Publication::apply_all()
{
    for (std::size_t i = 0; i < merges_.size() && !inspection_.is_stopped(); ++i)
        if (!is_loaded_[i])
            apply(i);
    progress_.step = "merge";
    return inspection_.may_publish();
}

bool Publication::publish()
{
    for (std::size_t i = 0; i < merges_.size(); ++i)
        compare(i);
    bool const is_merged = !inspection_.is_stopped() && pg::keep_if([&] { return apply_all(); });
    if (is_merged && !inspection_.releases()) // what is released keeps what it was held for
        keep_findings();
    return is_merged;
}

namespace {

void require_nothing_odd(const Member &member, const std::string &odd)
{
    if (!odd.empty())
        throw Error(sqlstate::feature_not_supported, "the rows of " + title(member.shape()) + " have to be staged",
                    odd);
}

} // namespace

void Publication::pull_through(const std::vector<std::string> &selects, ingest::Origin &origin)
{
    bool const is_source = origin.identity() != nullptr;
    for (std::size_t i = 0; i < merges_.size(); ++i)
        take_part(i, [&](merge::Merging &merge) { require_nothing_odd(work_.members[i], merge.prepare_to_receive()); });
    for (std::size_t i = 0; i < merges_.size(); ++i) {
        std::int64_t const received_before = origin.received();
        take_part(i, [&](merge::Merging &merge) {
            const Member &member = work_.members[i];
            auto const open = [&] { return ingest::open_as_owner(member.shape(), selects[i], snapshot_, origin); };
            require_nothing_odd(member, merge.receive(open, inspection_.watcher(i)));
            inspection_.records[i].pulled_through = true;
            if (merge.has_found())
                inspection_.ask(i, merge);
        });
        // a connection sends the rows of one dataset at a time, and a first load reads them while it writes
        if (is_source && !merges_[i]->has_found()) {
            apply(i);
            is_loaded_[i] = true;
        }
        if (is_source)
            inspection_.records[i].received_bytes = origin.received() - received_before;
    }
    origin.end(); // writing may take long
    if (!apply_all())
        throw Error(sqlstate::feature_not_supported, "the rows have to be staged", "A rule stops the batch.");
    keep_findings();
}

std::vector<merge::Staged> Publication::kept() const
{
    std::vector<merge::Staged> kept;
    for (const auto &merge : merges_)
        kept.push_back(merge->kept());
    return kept;
}

// The rules are asked as a run does. References are asked of what is merged.
void Publication::judge_anew()
{
    inspection_.judge_anew();
    for (std::size_t i = 0; i < merges_.size(); ++i)
        take_part(i, [&](merge::Merging &merge) { inspection_.ask(i, merge); });
    if (!inspection_.is_stopped())
        (void)pg::keep_if([&] {
            (void)apply_all();
            return false;
        });
}

void Publication::stop()
{
    for (std::size_t i = 0; i < merges_.size(); ++i)
        if (!merges_[i]->has_found())
            compare(i);
    bool const found_others = inspection_.releases() && !inspection_.found_the_held();
    if (found_others)
        judge_anew();
    else if (inspection_.releases())
        inspection_.keep_known();
    for (std::size_t i = 0; i < merges_.size(); ++i) // a key that comes twice is named before a rule that is broken
        take_part(i, [](merge::Merging &merge) { merge.check_first_load(); });
    progress_.step = "merge";
    keep_findings();
    require_no_failure(work_, work_.findings);
    for (std::size_t i = 0; i < merges_.size(); ++i)
        take_part(i, [&](merge::Merging &merge) { inspection_.digest(i, merge); });
    if (found_others)
        inspection_.explain_other_changes();
    keep_findings();
    progress_.step = "merge";
}

void Publication::keep_findings()
{
    work_.findings = inspection_.findings;
    work_.findings_changed = !work_.findings.empty() || work_.batch.is_recorded;
}

std::vector<catalog::BatchDataset> Publication::close()
{
    for (std::size_t i = 0; i < merges_.size(); ++i) {
        inspection_.records[i].result = merges_[i]->result();
        merges_[i]->close();
        catalog::BatchDataset &record = inspection_.records[i];
        if (record.pulled_through)
            record.staged = merge::Staged{record.result->staged, merges_[i]->kept().last_arrival};
    }
    return std::move(inspection_.records);
}

} // namespace datasurface::batch
