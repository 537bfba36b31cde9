#include "merge/run_sql.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "merge/plan_sql.hpp"
#include "pg/conflict.hpp"
#include "pg/session.hpp"
#include "pg/stop_point.hpp"
#include "pg/table.hpp"

namespace datasurface::merge {

namespace {

std::string why_staging_changed(const shape::Shape &shape, bool fewer)
{
    if (!fewer)
        return "Rows were added since, by a trigger or by hand, with arrival numbers of this batch.";
    return shape.staging_logged
               ? "Somebody has deleted rows since."
               : "A crash, a restore or a promotion has emptied the table, which is unlogged, or somebody deleted rows.";
}

// How to stage the rows again, for a hint.
std::string restage_hint(const shape::Shape &shape)
{
    return shape.staging_logged ? "call ds_reset_batch, stage the rows again, and seal them with ds_ingest."
                                : "call ds_run, which pulls the rows again.";
}

std::string key_detail(const shape::Shape &shape, const std::string &values)
{
    return "Key (" + sqltext::join(shape.primary_key, ", ") + ")=(" + values + ") is one of them.";
}

} // namespace

std::string correct_rows_hint(const shape::Shape &shape)
{
    return "Correct the rows at their source. Then " + restage_hint(shape);
}

Error conflict(const shape::Shape &shape, const std::string &what)
{
    return Error(
        sqlstate::serialization_failure,
        "rows of " + shape.names.merge.sql() + ", the merge table of " + title(shape) +
            ", changed while they were merged",
        what,
        "Retry; nothing was written. If it happens again, find who else writes to that table, or which trigger suppresses writes: only batches may change it.");
}

std::int64_t check_staged(const Plan &plan, const pg::Snapshot &snapshot)
{
    const shape::Shape &shape = plan.shape;
    std::int64_t const expected = plan.staged.rows;
    pg::Rows const found = pg::query(plan_check(plan), &snapshot);
    std::int64_t const staged = found.bigint(0, 0), incomplete = found.bigint(0, 1), duplicates = found.bigint(0, 2);
    if (staged != expected)
        throw Error(sqlstate::staging_changed,
                    "the staging table of " + title(shape) + " has " + (staged < expected ? "fewer" : "more") +
                        " rows than were staged",
                    counted(expected, "row was", "rows were") + " staged, " + counted(staged, "is", "are") +
                        " there. " + why_staging_changed(shape, staged < expected) + " Nothing was written.",
                    "Find out why. Then " + restage_hint(shape));
    if (incomplete > 0)
        throw Error(sqlstate::null_key,
                    title(shape) + " has " + counted(incomplete, "row", "rows") + " with a NULL in the key",
                    key_detail(shape, found.text(0, 5)), correct_rows_hint(shape));
    if (duplicates > 0 && !plan.keeps_last())
        throw Error(sqlstate::duplicate_key,
                    title(shape) + " has " + counted(duplicates, "key", "keys") + " staged more than once",
                    key_detail(shape, found.text(0, 4)),
                    "Correct the rows at their source, or load a model with \"duplicate_keys\": \"last\". Then " +
                        restage_hint(shape));
    return found.bigint(0, 3);
}

Error key_taken(const shape::Shape &shape)
{
    return conflict(shape, "Somebody else inserted a key that is new in this batch.");
}

SqlMerge::SqlMerge(const Plan &plan, const pg::Snapshot &snapshot, std::string reason)
    : plan_(plan), snapshot_(snapshot)
{
    result_.engine = Engine::sql;
    result_.reason = std::move(reason);
    result_.staged = plan.staged.rows;
}

void SqlMerge::check()
{
    if (is_checked_)
        return;
    result_.surplus = check_staged(plan_, snapshot_);
    is_checked_ = true;
}

// By the snapshot alone: what apply() has written since is not seen.
pg::Rows SqlMerge::find(std::uint64_t seed)
{
    return pg::query_before(plan_comparison(plan_, result_.surplus > 0, seed), snapshot_);
}

namespace {

std::string digest_in(const pg::Rows &found, std::uint64_t seed)
{
    return ChangesDigest{std::stoull(found.text(0, 0)), std::stoull(found.text(0, 1))}.text(seed);
}

bool same_counts(const Result &one, const Result &other)
{
    return one.inserted == other.inserted && one.updated == other.updated && one.deleted == other.deleted;
}

} // namespace

// In a window each row that is deleted was staged.
void SqlMerge::count_unchanged()
{
    result_.unchanged = result_.staged - result_.surplus - result_.inserted - result_.updated -
                        (plan_.mode == Mode::window ? result_.deleted : 0);
}

void SqlMerge::compare(std::uint64_t seed)
{
    check();
    pg::Rows const found = find(seed);
    digest_ = digest_in(found, seed);
    result_.inserted = found.bigint(0, 2);
    result_.updated = found.bigint(0, 3);
    result_.deleted = found.bigint(0, 4);
    count_unchanged();
    is_compared_ = true;
}

void SqlMerge::apply()
{
    check();
    const shape::Shape &shape = plan_.shape;
    Result const compared = result_;
    pg::Rows done;
    // the staged rows cannot violate the primary key: somebody else has inserted one of their keys
    pg::with_violation_as(shape.names.merge, {shape.names.merge_key.name}, key_taken(shape), pg::Detail::ours,
                          [&] { done = pg::query(plan_apply(plan_, result_.surplus > 0), &snapshot_); });
    result_.deleted = done.bigint(0, 0);
    result_.updated = done.bigint(0, 1);
    result_.inserted = done.bigint(0, 2);
    std::int64_t const closed = done.bigint(0, 3);
    if (result_.deleted != done.bigint(0, 4))
        throw conflict(shape, "Not all rows that vanished could be deleted.");
    if (result_.updated != done.bigint(0, 5))
        throw conflict(shape, "Not all rows that changed could be updated.");
    if (result_.inserted != done.bigint(0, 6))
        throw conflict(shape, "Not all new rows could be inserted.");
    if (shape.milestoned && closed != result_.deleted + result_.updated)
        throw conflict(shape, "Not all versions that end could be written to the history.");
    if (is_compared_ && !same_counts(compared, result_))
        throw conflict(shape, "Other rows were written than the comparison had found.");
    count_unchanged();
}

std::string SqlMerge::digest(std::uint64_t seed)
{
    if (is_compared_ && seed_of(digest_) == seed)
        return digest_;
    return digest_in(find(seed), seed);
}

void SqlMerge::each_part_of_new_rows(const std::function<void(const RowSource &)> &body)
{
    body(plan_new_rows(plan_, result_.surplus > 0));
}

} // namespace datasurface::merge
