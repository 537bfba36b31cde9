// Merges the datasets of a batch: all of them, or nothing.
#pragma once

#include <memory>
#include <vector>

#include "batch/inspect.hpp"
#include "ingest/run.hpp"
#include "merge/run.hpp"

namespace datasurface::batch {

// All datasets are compared before the first is written, and the rules are asked as soon as the changes are known. So a batch that a
// rule stops has written nothing, but by the sql engine, a first load from a source, and for references. What was written is rolled back then.
class Publication {
public:
    // The tables are locked. snapshot: taken after that; it must live as long.
    // records: those of the members, in their order.
    Publication(Work &work, std::vector<catalog::BatchDataset> records, const pg::Snapshot &snapshot,
                Progress &progress);

    // Instead of publish() and stop(): compares the rows of queries as they arrive, and stages only those that may have changed. selects: of the
    // members, as lock_to_stage() returned them. Throws when anything is odd, or a rule stops the batch: then all of it must be rolled
    // back, and the rows be staged first.
    void pull_through(const std::vector<std::string> &selects, ingest::Origin &origin);
    std::vector<merge::Staged> kept() const; // what that has staged

    // False if a rule stops the batch: then nothing was written. Notes the findings with the work.
    bool publish();

    // Of a batch that was stopped: finds out what people must know of it. Throws SF041 for a rule that makes it fail.
    void stop();

    // The changes are those that were held. Of a batch that was stopped.
    bool found_the_held() const { return inspection_.found_the_held(); }

    // Lets go of the tables. Returns the records of the members, with counts, times and digests.
    std::vector<catalog::BatchDataset> close();

private:
    template <class Body>
    void take_part(std::size_t member, Body body);
    void compare(std::size_t member);
    void apply(std::size_t member);
    bool apply_all();
    void judge_anew();
    void keep_findings();

    Work &work_;
    const pg::Snapshot &snapshot_;
    Progress &progress_;
    Inspection inspection_;
    std::vector<std::unique_ptr<merge::Merging>> merges_;
    std::vector<bool> is_loaded_; // from a source, by a pull through
};

} // namespace datasurface::batch
