#include "batch/inspect.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "batch/source.hpp"
#include "brake/brake.hpp"
#include "merge/run_rules.hpp"
#include "model/parse.hpp"
#include "pg/digest.hpp"
#include "pg/table.hpp"

namespace datasurface::batch {

namespace {

using model::Action;

} // namespace

std::vector<catalog::BatchDataset> records_by_member(const Work &work)
{
    RecordsByDataset const by_dataset = records_by_dataset(work.records);
    std::vector<catalog::BatchDataset> records;
    for (const Member &member : work.members)
        records.push_back(*by_dataset.at(member.row.id));
    for (catalog::BatchDataset &record : records) {
        record.result.reset();
        record.merge_seconds = 0;
        record.digest.reset();
    }
    return records;
}

namespace {

brake::Counts counts_of(const merge::Result &result, merge::Mode mode, const std::optional<double> &usual)
{
    brake::Counts counts;
    counts.window = mode == merge::Mode::window;
    counts.there = result.unchanged + result.updated + result.deleted;
    counts.staged = result.staged;
    counts.surplus = result.surplus;
    counts.inserted = result.inserted;
    counts.updated = result.updated;
    counts.deleted = result.deleted;
    counts.usual_rows = usual;
    return counts;
}

// Of a window nobody has counted the rows that are there. They are counted only if a brake might trip or be near: the fewer there are, the
// sooner does it. Statistics of a large table may be wrong, but rarely by this factor.
void count_rows_there(brake::Counts &counts, const model::Brakes &brakes, bool pulled, merge::Merging &merge)
{
    constexpr std::int64_t wrong = 4;
    auto const may_trip = [&] { return !brake::trips(brakes, counts, pulled).empty(); };
    counts.there = 1;
    if (!may_trip())
        return;
    counts.there = std::max<std::int64_t>(merge.rows_about().value_or(1) / wrong, 1);
    if (may_trip())
        counts.there = merge.count_rows();
}

bool stops(Action action)
{
    return action == Action::hold || action == Action::fail;
}

// The digests of a batch that is compared with a held one are made with its seed.
std::uint64_t seed_for(const Work &work)
{
    for (const catalog::BatchDataset &record : work.held)
        if (record.digest)
            return merge::seed_of(*record.digest);
    return pg::random_seed();
}

} // namespace

// The checks of a member. While they are asked, the step says so, because a condition may raise.
class AskedChecks : public merge::Watcher {
public:
    AskedChecks(const Member &of, const pg::Snapshot &snapshot, Progress &progress)
        : name_(of.row.name), checks_(of.shape(), of.kept->rules->checks, snapshot), progress_(progress)
    {
    }

    void begin() override { checks_.begin(); }
    void end() override { checks_.end(); }
    void see(const merge::RowSource &part) override
    {
        named([&] { checks_.see(part); });
    }

    std::vector<merge::Broken> broken(merge::Merging &merge)
    {
        std::vector<merge::Broken> broken;
        named([&] { merge.show([&](merge::Changes &changes) { broken = checks_.broken(changes); }); });
        return broken;
    }

private:
    template <class Body>
    void named(Body body)
    {
        std::string step = std::exchange(progress_.step, "checks of dataset " + name_);
        body();
        progress_.step = std::move(step);
    }

    const std::string &name_;
    merge::Checks checks_;
    Progress &progress_;
};

Inspection::~Inspection() {}

Inspection::Inspection(const Work &work, std::vector<catalog::BatchDataset> of_members, const pg::Snapshot &snapshot,
                       Progress &progress)
    : records(std::move(of_members)), work_(work), snapshot_(snapshot), progress_(progress),
      checks_(work.members.size()), releases_(work.facts.call == Call::release), held_(records_by_dataset(work.held)),
      seed_(seed_for(work))
{
    if (releases_)
        known_ = catalog::findings_of(work.batch);
    for (const Member &member : work.members) {
        bool const asks = member.kept->rules->brakes.rows.action != Action::off; // also a release may ask: judge_anew
        usual_.push_back(asks ? catalog::usual_rows(work.stream.id, member.row.id) : std::nullopt);
    }
}

merge::Watcher *Inspection::watcher(std::size_t member)
{
    const Member &of = work_.members[member];
    if (releases_ || of.kept->rules->checks.empty() || of.row.unpublished)
        return nullptr;
    checks_[member] = std::make_unique<AskedChecks>(of, snapshot_, progress_);
    return checks_[member].get();
}

// A release publishes what was held, and nothing else. A person has decided about it, so brakes and checks are not asked. References
// are: a batch that a brake has stopped was held before they could be.
void Inspection::ask(std::size_t member, merge::Merging &merge)
{
    records[member].result = merge.result();
    if (!releases_)
        return ask_rules(member, merge);
    digest(member, merge);
    stopped_ = stopped_ || !is_held(records[member]);
}

void Inspection::digest(std::size_t member, merge::Merging &merge)
{
    std::optional<std::string> &digest = records[member].digest;
    if (!digest)
        digest = merge.digest(seed_);
}

// A source that was restored, or a standby that lags, would take back what was published.
void Inspection::ask_source()
{
    std::optional<remote::Backwards> const found = gone_back(work_);
    if (!found)
        return;
    std::optional<int> const batch = catalog::batch_of_last_check(work_.stream.id);
    std::string const when = batch ? "batch " + std::to_string(*batch) : "the last check";
    add(0, {0, catalog::RuleKind::source, found->rule, Action::hold, 1, std::nullopt, "", "",
            "source \"" + work_.store.source + "\" " + in_words(*found, when)});
}

void Inspection::ask_rules(std::size_t member, merge::Merging &merge)
{
    if (member == 0)
        ask_source();
    const Member &of = work_.members[member];
    const merge::Result &result = merge.result();
    const model::Brakes &brakes = of.kept->rules->brakes;
    brake::Counts counts = counts_of(result, records[member].mode, usual_[member]);
    if (counts.window)
        count_rows_there(counts, brakes, !work_.facts.pushed, merge);
    for (brake::Trip &trip : brake::trips(brakes, counts, !work_.facts.pushed))
        add(member, {0, catalog::RuleKind::brake, std::string(trip.brake), trip.action, trip.count, trip.total,
                     std::move(trip.threshold), "", std::move(trip.message)});
    if (of.kept->rules->checks.empty() || of.row.unpublished || result.inserted + result.updated == 0)
        return;
    if (!checks_[member])
        checks_[member] = std::make_unique<AskedChecks>(of, snapshot_, progress_);
    for (merge::Broken &broken : checks_[member]->broken(merge))
        add(member, {0, catalog::RuleKind::check, std::move(broken.rule), broken.action, broken.rows, std::nullopt, "",
                     std::move(broken.keys), counted(broken.rows, "row breaks", "rows break") + " it"});
}

// The only place that makes the words of a finding; messages and views show them as they are.
void Inspection::add(std::size_t member, catalog::Finding finding)
{
    const catalog::Dataset &dataset = work_.members[member].row;
    finding.dataset_id = dataset.id;
    std::string const rule = std::string(word(finding.kind)) + " \"" + finding.rule + "\" of ";
    if (finding.kind != catalog::RuleKind::source) // that is about all datasets
        finding.message = (finding.kind == catalog::RuleKind::release ? "" : rule) + "dataset \"" + dataset.name +
                          "\": " + finding.message;
    bool const is_decided = releases_ && finding.action == Action::hold && is_known(finding);
    stopped_ = stopped_ || (stops(finding.action) && !is_decided);
    findings.push_back(std::move(finding));
}

// Whoever releases the batch could see it.
bool Inspection::is_known(const catalog::Finding &finding) const
{
    return std::any_of(known_.begin(), known_.end(), [&](const catalog::Finding &known) {
        return known.dataset_id == finding.dataset_id && known.kind == finding.kind && known.rule == finding.rule;
    });
}

void Inspection::keep_known()
{
    std::vector<catalog::Finding> const found = std::exchange(findings, known_);
    for (const catalog::Finding &finding : found)
        if (!is_known(finding))
            findings.push_back(finding);
}

// Nobody has looked at these changes, so they stay held, also where no rule stops them.
void Inspection::explain_other_changes()
{
    auto const stops_it = [](const catalog::Finding &finding) { return stops(finding.action); };
    if (std::any_of(findings.begin(), findings.end(), stops_it))
        return;
    if (found_the_held()) // somebody else has changed the tables back meanwhile
        return keep_known();
    std::string const what = work_.facts.started_over ? "the rows were pulled again and are not those that were held"
                                                      : "the changes are not those that were held";
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (is_held(records[i]))
            continue;
        const merge::Result &result = *records[i].result;
        add(i, {0, catalog::RuleKind::release, "found other changes", Action::hold,
                result.inserted + result.updated + result.deleted, std::nullopt, "", "", what});
    }
}

// Nobody has asked the checks of the rows of a first load.
void Inspection::ask_all_rows(std::size_t member)
{
    const Member &of = work_.members[member];
    progress_.step = "checks of dataset " + of.row.name;
    for (merge::Broken &broken : merge::broken_in_table(of.shape(), of.kept->rules->checks, snapshot_))
        add(member, {0, catalog::RuleKind::check, std::move(broken.rule), broken.action, broken.rows, std::nullopt, "",
                     std::move(broken.keys), counted(broken.rows, "row breaks", "rows break") + " it"});
}

bool Inspection::may_publish()
{
    if (stopped_)
        return false;
    for (std::size_t i = 0; i < work_.members.size() && !releases_; ++i)
        if (work_.members[i].row.unpublished)
            ask_all_rows(i);
    if (stopped_)
        return false;
    for (std::size_t i = 0; i < work_.members.size(); ++i)
        for (const model::Reference &reference : work_.members[i].kept->rules->references)
            ask_reference(i, reference);
    return !stopped_;
}

namespace {

// Of a dataset that is in another stream; nullptr if its first load is not complete, so that nobody knows what is missing.
std::shared_ptr<const catalog::Kept> kept_of_other(const catalog::Store &store, const shape::Shape &shape,
                                                   const model::Reference &reference)
{
    std::optional<catalog::Dataset> const other = catalog::find_dataset(store.id, reference.dataset);
    if (other && other->unpublished)
        return nullptr;
    if (!other || !other->reconciled_digest)
        throw Error(sqlstate::not_reconciled,
                    "reference \"" + reference.name + "\" of " + title(shape) + " cannot be checked",
                    "Dataset \"" + reference.dataset + "\" has no table yet.", reconcile_first);
    if (auto kept = catalog::find_kept(store, *other))
        return kept;
    pg::TypeCache types;
    return catalog::make_kept(store, *other, model::dataset_from_json(other->definition), types);
}

} // namespace

// A reference can break only if one of the two datasets changes.
void Inspection::ask_reference(std::size_t member, const model::Reference &reference)
{
    const shape::Shape &shape = work_.members[member].shape();
    auto const is_other = [&](const Member &candidate) { return candidate.row.name == reference.dataset; };
    auto const found = std::find_if(work_.members.begin(), work_.members.end(), is_other);
    bool const in_batch = found != work_.members.end();
    bool const other_changes =
        in_batch && records[static_cast<std::size_t>(found - work_.members.begin())].result->changed();
    if (!records[member].result->changed() && !other_changes)
        return;
    progress_.step = "references of dataset " + work_.members[member].row.name;
    auto const kept = in_batch ? found->kept : kept_of_other(work_.store, shape, reference);
    if (!kept)
        return;
    std::string keys;
    std::int64_t const rows = merge::dangling_rows(shape, kept->shape, reference, snapshot_, keys);
    if (rows > 0)
        add(member, {0, catalog::RuleKind::reference, reference.name, reference.severity, rows, std::nullopt, "", keys,
                     counted(rows, "row refers", "rows refer") + " to nothing"});
}

bool Inspection::is_held(const catalog::BatchDataset &record) const
{
    auto const held = held_.find(record.dataset_id);
    return held != held_.end() && same_changes(record, *held->second);
}

bool Inspection::found_the_held() const
{
    return records.size() == work_.held.size() &&
           std::all_of(records.begin(), records.end(),
                       [&](const catalog::BatchDataset &record) { return is_held(record); });
}

bool same_changes(const catalog::BatchDataset &one, const catalog::BatchDataset &other)
{
    return one.result && other.result && one.digest && one.digest == other.digest &&
           one.result->inserted == other.result->inserted && one.result->updated == other.result->updated &&
           one.result->deleted == other.result->deleted;
}

std::string in_words(const catalog::Finding &finding)
{
    return finding.message + (finding.keys.empty() ? "" : ", " + finding.keys);
}

void require_no_failure(const Work &work, const std::vector<catalog::Finding> &findings)
{
    std::string lines;
    for (const catalog::Finding &finding : findings)
        if (finding.action == Action::fail)
            lines += (lines.empty() ? "" : "\n") + in_words(finding);
    if (!lines.empty())
        throw Error(sqlstate::rule_broken, batch_title(work.stream.name, work.batch.id) + " breaks a rule of the model",
                    lines + "\nNothing of it is published.",
                    work.facts.pushed
                        ? "Reset the batch with ds_reset_batch, and stage rows that keep the rule. Or load "
                          "a model with another rule, and run it again."
                        : "Correct the rows at their source, or load a model with another rule. The next "
                          "run pulls anew.");
}

} // namespace datasurface::batch
