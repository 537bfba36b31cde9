// What merges are doing right now.
#include "native/progress.hpp"
#include "pg/entry.hpp"
#include "pg/extension.hpp"

namespace datasurface::api {

namespace {

sqltext::Value known(std::int64_t value)
{
    return value == native::not_known ? sqltext::Value() : sqltext::Value(value);
}

pg::Call::Row row_of(const native::MergeAtWork &merge)
{
    pg::Call::Row row(13);
    row[0] = merge.pid;
    row[1] = std::int64_t{merge.database};
    if (!merge.may_see)
        return row;
    const native::Progress &progress = merge.progress;
    row[2] = std::int64_t{progress.merge_table};
    row[3] = progress.batch;
    row[4] = std::string(native::name_of(progress.phase));
    row[5] = known(progress.blocks_total);
    row[6] = known(progress.blocks_done);
    row[7] = known(progress.rows_total);
    row[8] = known(progress.rows_done);
    row[9] = known(progress.changes_total);
    row[10] = known(progress.changes_done);
    row[11] = progress.spilled;
    row[12] = progress.workers;
    return row;
}

} // namespace

DATASURFACE_FUNCTION(ds_merge_progress)
{
    pg::require_own_version();
    std::vector<pg::Call::Row> rows;
    for (const native::MergeAtWork &merge : native::merges_at_work())
        rows.push_back(row_of(merge));
    return call.returns_rows(rows);
}

DATASURFACE_FUNCTION(ds_received)
{
    pg::require_own_version();
    std::vector<pg::Call::Row> rows;
    for (const native::MergeAtWork &merge : native::merges_at_work())
        if (merge.may_see)
            rows.push_back({merge.pid, known(merge.progress.received_rows), known(merge.progress.received_bytes)});
    return call.returns_rows(rows);
}

} // namespace datasurface::api
