#include "ingest/clear.hpp"

#include <algorithm>

#include "heap/doors.hpp"
#include "ingest/plan_staging.hpp"
#include "pg/settings.hpp"
#include "pg/table.hpp"

namespace datasurface::ingest {

namespace {

// The snapshot keeps the versions of the batch's rows. If the version count equals the staged count, there are no other rows;
// if it is larger, the rows are counted.
bool holds_only(const StagingTable &table, const merge::Staged &staged)
{
    if (heap::count_versions(table.name) == staged.rows)
        return true;
    pg::Rows const now = pg::query(plan_count(table.name));
    return now.bigint(0, 0) == staged.rows && now.bigint(0, 1) <= staged.last_arrival;
}

constexpr std::int64_t wal_of_deletion = 54; // bytes for each row of a logged table

// Every scan also reads the space of rows that earlier batches deleted, so the size of the table decides. TRUNCATE searches all
// buffers of the server, which takes as long as deleting some ten thousand rows: a pull may keep more space for so many rows. The
// table of a push is logged: the WAL of its deletions, which standbys replay and archives keep, counts too.
bool is_worth_truncating(const StagingTable &table, const merge::Staged &staged)
{
    std::int64_t const threshold = pg::settings::truncate_threshold();
    std::int64_t const kilobytes = pg::kilobytes(table.name);
    if (table.logged)
        return kilobytes > threshold || staged.rows * wal_of_deletion / 1024 > threshold / 4;
    return kilobytes > std::clamp(staged.rows, threshold, 8 * threshold); // a kB for each row
}

// TRUNCATE frees the space at once. It needs an exclusive lock, which is taken only if it is free, and it removes all rows, so the
// table must have no rows but the batch's.
bool truncate_if_alone(const StagingTable &table, const merge::Staged &staged)
{
    if (!pg::try_lock_to_truncate(table.name))
        return false;
    if (!holds_only(table, staged))
        return false;
    pg::execute(plan_truncate(table.name));
    return true;
}

} // namespace

void clear_as_owner(const StagingTable &table, const merge::Staged &staged, const pg::Snapshot &snapshot)
{
    if (is_worth_truncating(table, staged) && truncate_if_alone(table, staged))
        return;
    if (!heap::delete_staged(table.name, staged.last_arrival, snapshot))
        pg::execute(plan_delete(table.name, staged.last_arrival), &snapshot);
}

void clear_all_as_owner(const StagingTable &table, const pg::Snapshot &snapshot)
{
    if (heap::is_empty(table.name, snapshot))
        return;
    pg::Rows const seen = pg::query(plan_count(table.name), &snapshot);
    if (seen.bigint(0, 0) > 0) // a partitioned table may be empty
        clear_as_owner(table, {seen.bigint(0, 0), seen.bigint(0, 1)}, snapshot);
}

} // namespace datasurface::ingest
