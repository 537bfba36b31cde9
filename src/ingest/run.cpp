#include "ingest/run.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "ingest/plan_staging.hpp"
#include "pg/select.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/stop_point.hpp"
#include "pg/table.hpp"

namespace datasurface::ingest {

namespace {

// TRUNCATE gives the space back at once, but wants the table for itself, costs milliseconds, and must not take rows
// that are not the batch's: so only where there is space worth it, without waiting, and where there are no other rows.
// What counts is the size and not the rows: the rows that earlier batches deleted are read by every scan too.
bool truncate_if_alone(const shape::Shape &shape, std::int64_t rows)
{
    if (!pg::try_lock_exclusively(shape.names.staging))
        return false;
    if (pg::query(plan_count(shape)).bigint(0, 0) != rows)
        return false;
    pg::execute(plan_truncate(shape));
    return true;
}

void clear_as_owner(const shape::Shape &shape, const Staged &staged, const pg::Snapshot &snapshot)
{
    bool const large = pg::kilobytes(shape.names.staging) > pg::settings::truncate_threshold();
    if (large && truncate_if_alone(shape, staged.rows))
        return;
    pg::execute(plan_delete(shape, staged.last_arrival), &snapshot);
}

void clear_all_as_owner(const shape::Shape &shape, const pg::Snapshot &snapshot)
{
    std::int64_t const rows = pg::query(plan_count(shape), &snapshot).bigint(0, 0);
    if (rows > 0)
        clear_as_owner(shape, {rows, every_arrival}, snapshot);
}

} // namespace

Staged pull(const shape::Shape &shape, const std::string &owner, const std::string &query, const pg::Snapshot &snapshot)
{
    pg::SelectCheck const select = pg::check_select(query);
    if (!select.problem.empty())
        throw Error(sqlstate::model_invalid, "the query of dataset \"" + shape.dataset + "\" is not one plain SELECT",
                    select.problem);
    Staged staged;
    pg::as_role(owner, [&] {
        // what is there is left from an attempt that did not get to its end
        clear_all_as_owner(shape, snapshot);
        staged = {pg::execute(plan_fill(shape, select.text), &snapshot), every_arrival};
    });
    pg::stop_point("ingest.staged");
    return staged;
}

Staged seal(const shape::Shape &shape, const std::string &owner)
{
    Staged staged;
    pg::as_role(owner, [&] {
        pg::execute(plan_keep_writers_out(shape));
        pg::Rows const count = pg::query(plan_count(shape));
        staged = {count.bigint(0, 0), count.bigint(0, 1)};
    });
    pg::stop_point("ingest.staged");
    return staged;
}

void clear(const shape::Shape &shape, const std::string &owner, const Staged &staged, const pg::Snapshot &snapshot)
{
    pg::as_role(owner, [&] { clear_as_owner(shape, staged, snapshot); });
}

void clear_all(const shape::Shape &shape, const std::string &owner, const pg::Snapshot &snapshot)
{
    pg::as_role(owner, [&] { clear_all_as_owner(shape, snapshot); });
}

} // namespace datasurface::ingest
