// What a merge shows of itself while it runs, in its backend's entry of the server's statistics: the place where VACUUM and
// COPY show theirs, which is there without shared_preload_libraries. The server itself clears it when a transaction or
// subtransaction is rolled back. This header does not speak to the server.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace datasurface::native {

enum class Phase : std::int64_t {
    comparing,
    finding_duplicates,
    joining, // what met nobody while the tables were read
    confirming,
    deleting,
    updating,
    inserting,
    loading
};
std::string_view name_of(Phase phase);

constexpr std::int64_t not_known = -1; // or not of this phase

struct Progress { // plain
    std::uint32_t merge_table;
    std::int64_t batch;
    Phase phase = Phase::comparing;
    std::int64_t blocks_total = not_known; // of staging and merge table
    std::int64_t blocks_done = not_known;
    std::int64_t rows_total = not_known; // the merge table's share of them is an estimate
    std::int64_t rows_done = 0;
    std::int64_t changes_total = not_known; // to be confirmed, and then to be written
    std::int64_t changes_done = 0;
    std::int64_t spilled = 0; // bytes, of all processes
    std::int64_t workers = 0;
};

// Cheap, but for a batch of rows and not for each. Neither raises anything: they may be called from either regime.
void show(const Progress &progress);
void show_nothing();

struct MergeAtWork {
    int pid;
    std::uint32_t database;
    bool may_see; // has the current role a right to more than this?
    Progress progress;
};
std::vector<MergeAtWork> merges_at_work();

} // namespace datasurface::native
