#include "merge/run.hpp"

#include <utility>

#include "base/sqlstate.hpp"
#include "guard/doors.hpp"
#include "merge/run_sql.hpp"
#include "native/engine.hpp"
#include "pg/conflict.hpp"
#include "pg/context.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/stop_point.hpp"
#include "pg/table.hpp"

namespace datasurface::merge {

namespace {

using pg::settings::MergeEngine;

Result run_by_sql(const Plan &plan, const pg::Snapshot &snapshot, const Inspect &inspect, const std::string &reason)
{
    Result result = run_sql(plan, snapshot, inspect);
    result.engine = Engine::sql;
    result.reason = reason;
    return result;
}

[[noreturn]] void refuse(const shape::Shape &shape, const std::string &why)
{
    throw Error(
        sqlstate::feature_not_supported, "the native engine cannot merge " + title(shape), "The reason: " + why + ".",
        "SET datasurface.merge_engine = auto, or remove the reason. With auto the sql engine merges what the native "
        "engine cannot; the rows are the same. Nothing was written.");
}

// The native engine loads an empty table without looking at the staged rows first. What is held must be what the ingest counted, with
// whole keys, each once.
bool may_stay(const Plan &plan, const pg::Snapshot &snapshot, const Inspect &inspect, Changes &changes)
{
    if (inspect(changes))
        return true;
    const Result &result = changes.result();
    if (result.unchanged + result.updated + result.deleted == 0)
        check_staged(plan, snapshot);
    return false;
}

Result run_as_owner(const Plan &plan, const pg::Snapshot &snapshot, const Inspect &inspect)
{
    MergeEngine const engine = pg::settings::merge_engine();
    if (engine == MergeEngine::sql)
        return run_by_sql(plan, snapshot, inspect, "datasurface.merge_engine is sql");
    native::Outcome outcome =
        native::merge(plan, {pg::settings::merge_work_mem(), pg::settings::merge_workers()}, snapshot,
                      [&](Changes &changes) { return may_stay(plan, snapshot, inspect, changes); });
    switch (outcome.verdict) {
    case native::Verdict::merged:
    case native::Verdict::stopped:
        return std::move(outcome.result);
    case native::Verdict::changed_meanwhile:
        throw conflict(plan.shape, "Somebody else wrote to a row that vanished or changed in this batch.");
    case native::Verdict::key_taken:
        check_staged(plan, snapshot);
        throw key_taken(plan.shape);
    case native::Verdict::unexpected_rows:
        check_staged(plan, snapshot);
        break;
    case native::Verdict::refused:
        break;
    }
    if (outcome.wrote)
        throw conflict(plan.shape, "The native engine found a fault in the staged rows that is not there any more.");
    if (engine == MergeEngine::native)
        refuse(plan.shape, outcome.why);
    return run_by_sql(plan, snapshot, inspect, outcome.why);
}

} // namespace

std::vector<sqltext::Qualified> tables(const shape::Shape &shape)
{
    std::vector<sqltext::Qualified> all = {shape.names.staging, shape.names.merge};
    if (shape.milestoned)
        all.push_back(shape.names.history);
    return all;
}

namespace {

void require_key(const shape::Shape &shape)
{
    if (pg::has_key(shape.names.merge, shape.primary_key))
        return;
    throw Error(
        sqlstate::cannot_reconcile,
        "table " + shape.names.merge.sql() + " has no unique index on its key (" +
            sqltext::join(shape.primary_key, ", ") + ")",
        "Its primary key was dropped or replaced after ds_reconcile_schema made it. Without one, rows that share a key "
        "would be published.",
        "Call ds_reconcile_schema(), which creates the primary key again, or reports why it cannot.");
}

} // namespace

void check(const shape::Shape &shape)
{
    std::vector<std::string> const columns = shape::merge_columns(shape);
    pg::require_columns(shape.names.merge, columns, shape::made_by_reconcile);
    require_key(shape);
    guard::check_table(shape.names.merge, shape.owner);
    if (!shape.milestoned)
        return;
    pg::require_columns(shape.names.history, columns, shape::made_by_reconcile);
    guard::check_table(shape.names.history, shape.owner);
}

namespace {

void lock_tables(const shape::Shape &shape)
{
    for (const sqltext::Qualified &table : tables(shape))
        pg::lock_owned(table, shape.owner, shape::made_by_reconcile);
}

} // namespace

void lock(const shape::Shape &shape, bool staging_is_checked)
{
    pg::with_context("merge of " + title(shape), [&] {
        lock_tables(shape);
        if (!staging_is_checked) {
            guard::check_table(shape.names.staging, shape.owner);
            pg::require_columns(shape.names.staging, shape::staging_columns(shape), shape::made_by_reconcile);
        }
        check(shape); // the ingest did so before these tables were locked
    });
}

Result run(const Plan &plan, const pg::Snapshot &snapshot, const Inspect &inspect)
{
    const shape::Shape &shape = plan.shape;
    Result result;
    pg::with_context("merge of " + title(shape), [&] {
        lock_tables(shape); // again: if the schema was renamed, the name may lead to another table now
        pg::as_role(shape.owner, [&] {
            pg::with_hint_on_broken_rule(correct_rows_hint(shape),
                                         [&] { result = run_as_owner(plan, snapshot, inspect); });
        });
    });
    pg::stop_point("merge.applied");
    return result;
}

} // namespace datasurface::merge
