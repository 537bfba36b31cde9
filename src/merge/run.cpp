#include "merge/run.hpp"

#include <utility>

#include "base/sqlstate.hpp"
#include "guard/doors.hpp"
#include "merge/plan_sql.hpp"
#include "merge/run_sql.hpp"
#include "native/engine.hpp"
#include "pg/conflict.hpp"
#include "pg/context.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/stop_point.hpp"
#include "pg/table.hpp"

namespace datasurface::merge {

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

namespace {

using pg::settings::MergeEngine;

[[noreturn]] void refuse(const shape::Shape &shape, const std::string &why)
{
    throw Error(
        sqlstate::feature_not_supported, "the native engine cannot merge " + title(shape), "The reason: " + why + ".",
        "SET datasurface.merge_engine = auto, or remove the reason. With auto the sql engine merges what the native "
        "engine cannot; the rows are the same. Nothing was written.");
}

} // namespace

Merging::Merging(const Plan &plan, const pg::Snapshot &snapshot, std::size_t at_once)
    : plan_(plan), snapshot_(snapshot), at_once_(at_once)
{
}

void Merging::as_owner(const std::function<void()> &body)
{
    const shape::Shape &shape = plan_.shape;
    pg::with_context("merge of " + title(shape), [&] {
        lock_tables(shape); // again: if the schema was renamed, the name may lead to another table now
        pg::as_role(shape.owner, [&] { pg::with_hint_on_broken_rule(correct_rows_hint(shape), body); });
    });
}

void Merging::compare(std::optional<std::uint64_t> seed, Watcher *watcher)
{
    if (has_found_)
        return;
    as_owner([&] {
        if (!native_ && !sql_)
            begin(watcher);
        if (sql_ && seed) {
            sql_->compare(*seed);
            has_found_ = true;
        }
    });
}

void Merging::make_native()
{
    native::Limits const limits{pg::settings::merge_work_mem(), pg::settings::merge_workers(), at_once_};
    native_ = std::make_unique<native::Merge>(plan_, limits, snapshot_);
}

// By the native engine where it may, and can.
void Merging::begin(Watcher *watcher)
{
    MergeEngine const engine = pg::settings::merge_engine();
    if (engine == MergeEngine::sql)
        return use_sql("datasurface.merge_engine is sql");
    make_native();
    native::Outcome const found = native_->compare(watcher);
    has_found_ = found.verdict == native::Verdict::done;
    close_if_unchanged();
    if (has_found_)
        return;
    if (found.verdict == native::Verdict::unexpected_rows)
        check_staged(plan_, snapshot_);
    if (engine == MergeEngine::native)
        refuse(plan_.shape, found.why);
    close_native();
    use_sql(found.why);
}

// A batch may have very many datasets.
void Merging::close_if_unchanged()
{
    if (has_found_ && !native_->is_first_load() && !result().changed())
        close();
}

std::string Merging::prepare_to_receive()
{
    if (pg::settings::merge_engine() == MergeEngine::sql)
        return "datasurface.merge_engine is sql";
    if (plan_.mode == Mode::window)
        return "the rows are those of a window";
    native::Outcome prepared;
    as_owner([&] {
        make_native();
        prepared = native_->prepare_to_receive();
    });
    return prepared.why;
}

std::string Merging::receive(const Open &open, Watcher *watcher)
{
    native::Outcome received;
    receives_ = true;
    as_owner([&] {
        rows_ = open();
        if (!rows_) {
            received = {native::Verdict::refused,
                        "the query may do more than read, reads a staging table, or gives other types"};
            return;
        }
        received = native_->receive(*rows_, watcher);
        has_found_ = received.verdict == native::Verdict::done && !native_->is_first_load();
        if (!has_found_)
            return;
        kept_ = native_->kept();
        close_rows();
        close_if_unchanged();
    });
    return received.why;
}

void Merging::close_rows()
{
    if (rows_)
        rows_->close();
    rows_.reset();
}

void Merging::use_sql(const std::string &reason)
{
    sql_ = std::make_unique<SqlMerge>(plan_, snapshot_, reason);
}

bool Merging::has_found() const
{
    return has_found_;
}

const Result &Merging::result() const
{
    return native_ ? native_->changes().result() : sql_ ? sql_->result() : result_;
}

Changes &Merging::changes()
{
    return native_ ? native_->changes() : *sql_;
}

void Merging::show(const std::function<void(Changes &)> &body)
{
    as_owner([&] { body(changes()); });
}

void Merging::check_first_load()
{
    if (is_checked_ || !native_ || !native_->is_first_load())
        return;
    as_owner([&] { check_staged(plan_, snapshot_); });
    is_checked_ = true;
}

std::string Merging::digest(std::uint64_t seed)
{
    if (!result().changed())
        return ChangesDigest().text(seed);
    check_first_load();
    std::string digest;
    as_owner([&] { digest = changes().digest(seed); });
    return digest;
}

std::optional<std::int64_t> Merging::rows_about() const
{
    pg::Rows const about = pg::query(plan_rows_about(plan_));
    return about.is_null(0, 0) ? std::nullopt : std::optional(about.bigint(0, 0));
}

std::int64_t Merging::count_rows()
{
    std::int64_t rows = 0;
    as_owner([&] { rows = pg::query_before(plan_count_rows(plan_), snapshot_).bigint(0, 0); });
    return rows;
}

void Merging::apply()
{
    bool const is_first_load = native_ && native_->is_first_load(); // of which nobody has counted the rows
    if (!has_found_ || result().changed() || is_first_load)
        as_owner([&] {
            sql_ ? sql_->apply() : apply_natively();
            close_rows(); // a batch may have many datasets, whose queries keep what they have sorted
        });
    has_found_ = true;
    pg::stop_point("merge.applied");
}

// What is wrong with rows that were not staged cannot be found any more.
void Merging::require_staged()
{
    if (receives_)
        throw Error(sqlstate::feature_not_supported, "the rows of " + title(plan_.shape) + " have to be staged",
                    "A key is taken or holds a NULL, or somebody else has written to the merge table.");
}

void Merging::apply_natively()
{
    native::Verdict const verdict = native_->apply();
    switch (verdict) {
    case native::Verdict::done:
        return;
    case native::Verdict::changed_meanwhile:
        require_staged();
        throw conflict(plan_.shape, "Somebody else wrote to a row that vanished or changed in this batch.");
    case native::Verdict::key_taken:
        require_staged();
        check_staged(plan_, snapshot_);
        throw key_taken(plan_.shape);
    case native::Verdict::unexpected_rows:
    case native::Verdict::refused:
        require_staged();
        check_staged(plan_, snapshot_);
        throw conflict(plan_.shape, "The native engine found a fault in the staged rows that is not there any more.");
    }
}

void Merging::close()
{
    result_ = result();
    sql_.reset();
    close_rows();
    close_native();
}

void Merging::close_native()
{
    if (native_)
        native_->close();
    native_.reset();
}

} // namespace datasurface::merge
