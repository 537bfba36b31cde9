#include "native/progress.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "catalog/pg_authid_d.h"
#include "port/atomics.h"
#include "utils/backend_status.h"
}

namespace datasurface::native {

namespace {

// No command of the server has this number, so its own views do not show it.
constexpr std::uint32_t merge_command = 0x4453;

// Copied as an integer, because our number is no value of the enumeration.
std::uint32_t command_of(const PgBackendStatus &entry)
{
    std::uint32_t command;
    static_assert(sizeof command == sizeof entry.st_progress_command);
    memcpy(&command, &entry.st_progress_command, sizeof command);
    return command;
}

enum Parameter {
    batch,
    phase,
    blocks_total,
    blocks_done,
    rows_total,
    rows_done,
    changes_total,
    changes_done,
    spilled,
    workers,
    received_rows,
    received_bytes
};
static_assert(received_bytes < PGSTAT_NUM_PROGRESS_PARAM);

void write(const Progress &progress, PgBackendStatus &entry)
{
    std::uint32_t const command = merge_command;
    memcpy(&entry.st_progress_command, &command, sizeof command);
    entry.st_progress_command_target = progress.merge_table;
    std::int64_t const values[] = {progress.batch,         static_cast<std::int64_t>(progress.phase),
                                   progress.blocks_total,  progress.blocks_done,
                                   progress.rows_total,    progress.rows_done,
                                   progress.changes_total, progress.changes_done,
                                   progress.spilled,       progress.workers,
                                   progress.received_rows, progress.received_bytes};
    static_assert(sizeof values == (received_bytes + 1) * sizeof(std::int64_t));
    memcpy(entry.st_progress_param, values, sizeof values);
}

Progress read(const PgBackendStatus &entry)
{
    const int64 *const values = entry.st_progress_param;
    Progress progress{entry.st_progress_command_target, values[batch]};
    progress.phase = static_cast<Phase>(values[phase]);
    progress.blocks_total = values[blocks_total];
    progress.blocks_done = values[blocks_done];
    progress.rows_total = values[rows_total];
    progress.rows_done = values[rows_done];
    progress.changes_total = values[changes_total];
    progress.changes_done = values[changes_done];
    progress.spilled = values[spilled];
    progress.workers = values[workers];
    progress.received_rows = values[received_rows];
    progress.received_bytes = values[received_bytes];
    return progress;
}

// The rule of the server's own views.
bool may_see_sessions_of(Oid role)
{
    return pg::call(
        [&] { return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS) || has_privs_of_role(GetUserId(), role); });
}

// Reads one entry of the server's list of backends. False when that backend does not merge.
bool read_backend(int index, MergeAtWork &merge)
{
    const LocalPgBackendStatus *const local = pg::call([&] { return pg::pgstat_get_local_beentry_by_index(index); });
    if (local == nullptr || command_of(local->backendStatus) != merge_command)
        return false;
    const PgBackendStatus &entry = local->backendStatus;
    merge = {entry.st_procpid, entry.st_databaseid, may_see_sessions_of(entry.st_userid), read(entry)};
    return true;
}

} // namespace

std::string_view name_of(Phase phase)
{
    switch (phase) {
    case Phase::comparing:
        return "comparing tables";
    case Phase::finding_duplicates:
        return "finding duplicate keys";
    case Phase::joining:
        return "joining spilled rows";
    case Phase::confirming:
        return "confirming changes";
    case Phase::deleting:
        return "deleting";
    case Phase::updating:
        return "updating";
    case Phase::inserting:
        return "inserting";
    case Phase::loading:
        return "loading";
    case Phase::receiving:
        return "receiving rows";
    }
    return "";
}

void note_received(Progress &progress, const heap::Arriving &rows, int count)
{
    progress.received_rows = (progress.received_rows == not_known ? 0 : progress.received_rows) + count;
    std::int64_t const bytes = rows.bytes();
    progress.received_bytes = bytes == heap::bytes_not_counted ? not_known : bytes;
}

// Rewrite all fields: a subtransaction rollback may have cleared them, also one in an index expression. The progress of another
// command, such as a COPY whose query calls us, is left alone.
void show(const Progress &progress)
{
    PgBackendStatus *const entry = MyBEEntry;
    if (entry == nullptr || !pgstat_track_activities)
        return;
    if (std::uint32_t const shown = command_of(*entry); shown != merge_command && shown != PROGRESS_COMMAND_INVALID)
        return;
    // a reader that finds this count odd, or changed after reading, reads again
    entry->st_changecount++;
    pg_write_barrier();
    write(progress, *entry);
    pg_write_barrier();
    entry->st_changecount++;
}

void show_nothing()
{
    if (MyBEEntry != nullptr && command_of(*MyBEEntry) == merge_command)
        pgstat_progress_end_command();
}

std::vector<MergeAtWork> merges_at_work()
{
    std::vector<MergeAtWork> merges;
    int const backends = pg::call([] { return pgstat_fetch_stat_numbackends(); });
    for (int index = 1; index <= backends; ++index) {
        MergeAtWork merge{};
        if (read_backend(index, merge))
            merges.push_back(merge);
    }
    return merges;
}

} // namespace datasurface::native
