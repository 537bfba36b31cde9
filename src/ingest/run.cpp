#include "ingest/run.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "guard/doors.hpp"
#include "heap/doors.hpp"
#include "ingest/columns.hpp"
#include "ingest/plan_staging.hpp"
#include "pg/context.hpp"
#include "pg/select.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/source_plans.hpp"
#include "pg/stop_point.hpp"
#include "pg/table.hpp"

namespace datasurface::ingest {

namespace {

// The snapshot keeps the versions of the batch's rows. If the version count equals the staged count, there are no other rows;
// if it is larger, the rows are counted.
bool holds_only(const shape::Shape &shape, const merge::Staged &staged)
{
    if (heap::count_versions(shape.names.staging) == staged.rows)
        return true;
    pg::Rows const now = pg::query(plan_count(shape));
    return now.bigint(0, 0) == staged.rows && now.bigint(0, 1) <= staged.last_arrival;
}

constexpr std::int64_t wal_of_deletion = 54; // bytes for each row of a logged table

// Every scan also reads the space of rows that earlier batches deleted, so the size of the table decides. TRUNCATE searches all
// buffers of the server, which takes as long as deleting some ten thousand rows: a pull may keep more space for so many rows. The
// table of a push is logged: the WAL of its deletions, which standbys replay and archives keep, counts too.
bool is_worth_truncating(const shape::Shape &shape, const merge::Staged &staged)
{
    std::int64_t const threshold = pg::settings::truncate_threshold();
    std::int64_t const kilobytes = pg::kilobytes(shape.names.staging);
    if (shape.staging_logged)
        return kilobytes > threshold || staged.rows * wal_of_deletion / 1024 > threshold / 4;
    return kilobytes > std::clamp(staged.rows, threshold, 8 * threshold); // a kB for each row
}

// TRUNCATE frees the space at once. It needs an exclusive lock, which is taken only if it is free, and it removes all rows, so the
// table must have no rows but the batch's.
bool truncate_if_alone(const shape::Shape &shape, const merge::Staged &staged)
{
    if (!pg::try_lock_to_truncate(shape.names.staging))
        return false;
    if (!holds_only(shape, staged))
        return false;
    pg::execute(plan_truncate(shape));
    return true;
}

void clear_as_owner(const shape::Shape &shape, const merge::Staged &staged, const pg::Snapshot &snapshot)
{
    if (is_worth_truncating(shape, staged) && truncate_if_alone(shape, staged))
        return;
    if (!heap::delete_staged(shape.names.staging, staged.last_arrival, snapshot))
        pg::execute(plan_delete(shape, staged.last_arrival), &snapshot);
}

void clear_all_as_owner(const shape::Shape &shape, const pg::Snapshot &snapshot)
{
    if (heap::is_empty(shape.names.staging, snapshot))
        return;
    pg::Rows const seen = pg::query(plan_count(shape), &snapshot);
    if (seen.bigint(0, 0) > 0) // a partitioned table may be empty
        clear_as_owner(shape, {seen.bigint(0, 0), seen.bigint(0, 1)}, snapshot);
}

merge::Staged fill_by_statement(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot)
{
    merge::Staged staged;
    staged.rows = pg::execute(plan_fill(shape, select), &snapshot);
    if (staged.rows > 0)
        staged.last_arrival = pg::query(plan_last_arrival(shape)).bigint(0, 0);
    return staged;
}

merge::Staged fill_as_owner(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot)
{
    if (pg::settings::merge_engine() != pg::settings::MergeEngine::sql)
        if (auto const staged = heap::fill(shape, plan_select(shape, select), snapshot))
            return *staged;
    return fill_by_statement(shape, select, snapshot);
}

// A larger arrival marks the rows that come after the seal. So no staged row may have an arrival that the sequence has not given out.
void require_given_arrivals(const shape::Shape &shape, const merge::Staged &staged)
{
    pg::Rows const given = pg::query(plan_given_arrivals(shape));
    if (given.is_null(0, 0) || staged.last_arrival <= given.bigint(0, 0))
        return;
    throw Error(
        sqlstate::chosen_arrival,
        "rows of dataset \"" + shape.dataset + "\" were staged with explicit values for " + std::string(shape::arrival),
        "The largest is " + std::to_string(staged.last_arrival) + ", but the last value of the column's sequence is " +
            std::to_string(given.bigint(0, 0)) +
            ". Rows that arrive after the seal could not be distinguished from these. Nothing was sealed.",
        "Reset the batch with ds_reset_batch, and stage its rows without that column: name the dataset's columns "
        "in COPY and INSERT.");
}

// The load of the model has checked the query. It is checked again here, because it becomes part of a statement here.
std::string plain_select(const shape::Shape &shape, const std::string &query)
{
    pg::SelectCheck const select = pg::check_select(query);
    if (!select.problem.empty())
        throw Error(sqlstate::model_invalid, "the query of dataset \"" + shape.dataset + "\" is not one plain SELECT",
                    select.problem, "Load a model whose query is one SELECT that only reads.");
    return select.text;
}

std::string step(const shape::Shape &shape)
{
    return "ingest of " + title(shape);
}

std::string emptying(const shape::Shape &shape)
{
    return "emptying of the staging table of " + title(shape);
}

// A query that is kept was checked when it was planned. Whose code it calls is asked each time: owners and members of roles change.
void lock_sources(const shape::Shape &shape, const std::string &select)
{
    std::string const what = "the query of dataset \"" + shape.dataset + "\"";
    sqltext::Statement const read = plan_select(shape, select);
    std::string const types = shape::type_list(shape);
    bool const by_insert = pg::settings::merge_engine() == pg::settings::MergeEngine::sql;
    pg::as_role(shape.owner, [&] {
        if (!by_insert && pg::lock_kept_source(read, types))
            return guard::check_source(read, types, what);
        require_columns(shape, select);
        guard::check_statement(plan_fill(shape, select), what);
        if (by_insert)
            pg::execute(plan_touch_sources(select));
        else
            pg::lock_source(read, types);
    });
}

} // namespace

void lock(const shape::Shape &shape)
{
    pg::with_context(step(shape), [&] {
        pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
        guard::check_table(shape.names.staging, shape.owner);
    });
}

std::string lock_to_stage(const shape::Shape &shape, const std::string &query)
{
    lock(shape);
    std::string select;
    pg::with_context(step(shape), [&] {
        // before PostgreSQL does it, whose message would be about our INSERT
        pg::require_columns(shape.names.staging, shape::staging_columns(shape), shape::made_by_reconcile);
        if (query.empty())
            return;
        select = plain_select(shape, query);
        lock_sources(shape, select);
    });
    return select;
}

merge::Staged pull(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot)
{
    merge::Staged staged;
    pg::with_context(step(shape), [&] {
        pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, [&] {
            // rows that are there are left over from an attempt that failed
            clear_all_as_owner(shape, snapshot);
            staged = fill_as_owner(shape, select, snapshot);
        });
    });
    pg::stop_point("ingest.staged");
    return staged;
}

merge::Staged seal(const shape::Shape &shape)
{
    merge::Staged staged;
    pg::with_context(step(shape), [&] {
        pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, [&] {
            pg::execute(plan_keep_writers_out(shape));
            pg::Rows const count = pg::query(plan_count(shape));
            staged = {count.bigint(0, 0), count.bigint(0, 1)};
            require_given_arrivals(shape, staged);
        });
    });
    pg::stop_point("ingest.staged");
    return staged;
}

bool is_empty(const shape::Shape &shape)
{
    if (!pg::exists(shape.names.staging))
        return true;
    pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
    std::int64_t rows = 0;
    pg::as_role(shape.owner, [&] { rows = pg::query(plan_count(shape)).bigint(0, 0); });
    return rows == 0;
}

void clear(const shape::Shape &shape, const merge::Staged &staged, const pg::Snapshot &snapshot)
{
    pg::with_context(emptying(shape), [&] {
        pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, [&] { clear_as_owner(shape, staged, snapshot); });
    });
}

void clear_all(const shape::Shape &shape, const pg::Snapshot &snapshot)
{
    pg::with_context(emptying(shape), [&] {
        pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, [&] { clear_all_as_owner(shape, snapshot); });
    });
}

} // namespace datasurface::ingest
