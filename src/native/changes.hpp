// Private to the native room: what a comparison found, as it is shown before it is written.
#pragma once

#include "diff/join.hpp"
#include "heap/snapshot.hpp"
#include "heap/tables.hpp"
#include "merge/plan_changes.hpp"

namespace datasurface::native {

// Runs body with the snapshot of the batch active.
template <class Body>
void read_by(const pg::Snapshot &snapshot, heap::Tables &tables, Body body)
{
    pg::call([&] { tables.snapshot = heap::push_snapshot(snapshot); });
    body();
    pg::call([] { PopActiveSnapshot(); });
}

class FoundChanges : public merge::Changes {
public:
    // is_first_load: all staged rows are inserted, and there are no findings. The lists of findings are in the order of the tables.
    // changed: of the findings, confirmed by value.
    FoundChanges(const merge::Plan &plan, const merge::Result &result, heap::Tables &tables,
                 const pg::Snapshot &snapshot, const bool &is_first_load, diff::Findings &findings,
                 diff::Tape<diff::Pair> &changed)
        : plan_(plan), result_(result), tables_(tables), snapshot_(snapshot), is_first_load_(is_first_load),
          findings_(findings), changed_(changed)
    {
    }

    const merge::Result &result() const override { return result_; }
    std::string digest(std::uint64_t seed) override;
    void each_part_of_new_rows(const std::function<void(const merge::RowSource &)> &body) override;

private:
    merge::ChangesDigest sum(std::uint64_t seed);
    merge::RowSource all_staged() const;

    const merge::Plan &plan_;
    const merge::Result &result_;
    heap::Tables &tables_;
    const pg::Snapshot &snapshot_;
    const bool &is_first_load_;
    diff::Findings &findings_;
    diff::Tape<diff::Pair> &changed_;
};

} // namespace datasurface::native
