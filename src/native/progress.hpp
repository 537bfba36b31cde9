// The progress of a merge. It is stored where VACUUM and COPY store theirs, in the backend's entry of the server's statistics, which needs no
// shared_preload_libraries. The server clears it when a transaction or subtransaction is rolled back. This header includes no
// header of PostgreSQL.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "heap/arriving.hpp"

namespace datasurface::native {

enum class Phase : std::int64_t {
    comparing,
    finding_duplicates,
    joining, // rows that were spilled to files
    confirming,
    deleting,
    updating,
    inserting,
    loading,
    receiving // rows that arrive, and comparing or staging them
};
std::string_view name_of(Phase phase);

constexpr std::int64_t not_known = -1; // or it has no meaning in this phase

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
    std::int64_t received_rows = not_known;  // of a pull
    std::int64_t received_bytes = not_known; // from another server
};

// What has come of rows that arrive, once these were taken.
void note_received(Progress &progress, const heap::Arriving &rows, int count);

// To be called for each batch of rows, not for each row. Neither raises: they may be called from either regime.
void show(const Progress &progress);
void show_nothing();

struct MergeAtWork {
    int pid;
    std::uint32_t database;
    bool may_see; // may the current role see the rest?
    Progress progress;
};
std::vector<MergeAtWork> merges_at_work();

} // namespace datasurface::native
