// Asks brakes, checks and references whether what a merge has found may be published.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch/steps.hpp"
#include "batch/work.hpp"
#include "merge/run.hpp"
#include "pg/spi.hpp"

namespace datasurface::batch {

class AskedChecks;

// Of one merge of a batch.
class Inspection {
public:
    // Reads what the catalog has to say, before the merge works as the owners of tables.
    // progress: says that rules are asked, while they are. Their conditions may raise.
    Inspection(const Work &work, std::vector<catalog::BatchDataset> of_members, const pg::Snapshot &snapshot,
               Progress &progress);
    Inspection(const Inspection &) = delete;
    Inspection &operator=(const Inspection &) = delete;
    ~Inspection();

    // Asks the checks of the member while its changes are found. nullptr if none will be asked.
    merge::Watcher *watcher(std::size_t member);

    // Asked once the changes of the member are known. Notes the counts; of a release the digest too.
    void ask(std::size_t member, merge::Merging &merge);

    // Asked when all are merged.
    bool may_publish();

    // Something speaks against publishing.
    bool is_stopped() const { return stopped_; }

    // What was held is released: no rule is asked, but references.
    bool releases() const { return releases_; }

    std::uint64_t seed() const { return seed_; }

    // Notes the digest of the member's changes, if it is not known yet.
    void digest(std::size_t member, merge::Merging &merge);

    // Of a release that found other changes: asks the rules from now on, as a run does, so that people see what is held now.
    void judge_anew() { releases_ = stopped_ = false; }

    // Of a release that found other changes, once their digests are complete: adds why they are held, if no rule does.
    void explain_other_changes();

    // Of a release whose changes are those that were held: adds the findings that it was held for.
    void keep_known();

    // The changes are those that were held.
    bool found_the_held() const;

    // The records of the members, with counts, times and digests.
    std::vector<catalog::BatchDataset> records;
    std::vector<catalog::Finding> findings;

private:
    void ask_rules(std::size_t member, merge::Merging &merge);
    void ask_all_rows(std::size_t member);
    void ask_source();
    void add(std::size_t member, catalog::Finding finding);
    bool is_known(const catalog::Finding &finding) const;
    bool is_held(const catalog::BatchDataset &record) const;
    void ask_reference(std::size_t member, const model::Reference &reference);

    const Work &work_;
    const pg::Snapshot &snapshot_;
    Progress &progress_;
    std::vector<std::unique_ptr<AskedChecks>> checks_; // of the members, as far as they were asked
    std::vector<std::optional<double>> usual_;
    std::vector<catalog::Finding> known_; // of a release: what the batch was held for
    bool releases_;
    RecordsByDataset held_; // of the batch that is or was held
    std::uint64_t seed_;    // of digests
    bool stopped_ = false;
};

// The records in the order of the members, without what was found before. Their datasets are the same: see require_unchanged.
std::vector<catalog::BatchDataset> records_by_member(const Work &work);

// Of one dataset: the counts and the digest are the same.
bool same_changes(const catalog::BatchDataset &one, const catalog::BatchDataset &other);

// Throws SF041 when a rule with the action "fail" was broken.
void require_no_failure(const Work &work, const std::vector<catalog::Finding> &findings);

// The message, with keys. Those are values of the data, so they stay out of what is sent on.
std::string in_words(const catalog::Finding &finding);

} // namespace datasurface::batch
