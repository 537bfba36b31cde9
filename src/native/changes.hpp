// Private to the native room: what a comparison found, as it is shown before it is written.
#pragma once

#include "diff/join.hpp"
#include "heap/tables.hpp"
#include "merge/plan_changes.hpp"

namespace datasurface::native {

class FoundChanges : public merge::Changes {
public:
    // findings: none of a first load, which inserts all staged rows. changed: of the findings, confirmed by value. memory: bytes, for sorting.
    FoundChanges(const merge::Plan &plan, const merge::Result &result, const heap::Tables &tables,
                 diff::Findings *findings, diff::Tape<diff::Pair> &changed, std::size_t memory)
        : plan_(plan), result_(result), tables_(tables), findings_(findings), changed_(changed), memory_(memory)
    {
    }

    const merge::Result &result() const override { return result_; }
    std::string digest(std::uint64_t seed) override;
    void each_part_of_new_rows(const std::function<void(const merge::RowSource &)> &body) override;

private:
    merge::RowSource all_staged() const;

    const merge::Plan &plan_;
    const merge::Result &result_;
    const heap::Tables &tables_;
    diff::Findings *findings_;
    diff::Tape<diff::Pair> &changed_;
    std::size_t memory_; // bytes, for sorting
};

} // namespace datasurface::native
