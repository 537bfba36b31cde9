// Private to the native room: all that a merge has while it is at work.
#pragma once

#include <algorithm>
#include <optional>

#include "heap/scan.hpp"
#include "native/changes.hpp"
#include "native/compare.hpp"
#include "native/engine.hpp"
#include "native/progress.hpp"

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

} // namespace datasurface::native
