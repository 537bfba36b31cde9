#include "ingest/run.hpp"

#include "guard/doors.hpp"
#include "ingest/clear.hpp"
#include "ingest/columns.hpp"
#include "ingest/plan_staging.hpp"
#include "ingest/push.hpp"
#include "ingest/reported.hpp"
#include "pg/context.hpp"
#include "pg/session.hpp"
#include "pg/stop_point.hpp"
#include "pg/table.hpp"

namespace datasurface::ingest {

namespace {

std::string step(const shape::Shape &shape)
{
    return "ingest of " + title(shape);
}

std::string emptying(const StagingTable &table)
{
    return "emptying of the staging table of " + table.title;
}

} // namespace

void lock(const StagingTable &table)
{
    pg::with_context("ingest of " + table.title, [&] {
        pg::lock_owned(table.name, table.owner, shape::made_by_reconcile);
        guard::check_table(table.name, table.owner);
    });
}

std::string lock_to_stage(const shape::Shape &shape, const Pull *pull, Origin &origin)
{
    lock(staging_table(shape));
    std::string select;
    pg::with_context(step(shape), [&] {
        // before PostgreSQL does it, whose message would be about our INSERT
        pg::require_columns(shape.names.staging, shape::staging_columns(shape), shape::made_by_reconcile);
        if (pull == nullptr)
            return;
        select = pull->selected(plain_select(shape, pull->select));
        origin.require_columns(with_deleted(shape), select, pull->exact.get());
    });
    return select;
}

merge::Staged pull(const shape::Shape &shape, int batch, const std::string &select, const pg::Snapshot &snapshot,
                   Origin &origin)
{
    merge::Staged staged;
    pg::with_context(step(shape), [&] {
        pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, [&] {
            // rows that are there are left over from an attempt that failed
            clear_all_as_owner(staging_table(shape), snapshot);
            Receipt receipt(shape, batch);
            staged = origin.fill_as_owner(with_deleted(shape), select, snapshot, receipt);
        });
    });
    pg::stop_point("ingest.staged");
    return staged;
}

std::unique_ptr<heap::Arriving> open_as_owner(const shape::Shape &shape, const std::string &select,
                                              const pg::Snapshot &snapshot, Origin &origin)
{
    return origin.open(with_deleted(shape), select, snapshot);
}

merge::Staged seal(const shape::Shape &shape)
{
    merge::Staged staged;
    pg::with_context(step(shape), [&] {
        pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, [&] { staged = seal_as_owner(shape); });
    });
    pg::stop_point("ingest.staged");
    return staged;
}

bool is_empty(const StagingTable &table)
{
    if (!pg::exists(table.name))
        return true;
    pg::lock_owned(table.name, table.owner, shape::made_by_reconcile);
    std::int64_t rows = 0;
    pg::as_role(table.owner, [&] { rows = pg::query(plan_count(table.name)).bigint(0, 0); });
    return rows == 0;
}

void clear(const StagingTable &table, const merge::Staged &staged, const pg::Snapshot &snapshot)
{
    pg::with_context(emptying(table), [&] {
        pg::lock_owned(table.name, table.owner, shape::made_by_reconcile);
        pg::as_role(table.owner, [&] { clear_as_owner(table, staged, snapshot); });
    });
}

void clear_all(const StagingTable &table, const pg::Snapshot &snapshot)
{
    pg::with_context(emptying(table), [&] {
        pg::lock_owned(table.name, table.owner, shape::made_by_reconcile);
        pg::as_role(table.owner, [&] { clear_all_as_owner(table, snapshot); });
    });
}

} // namespace datasurface::ingest
