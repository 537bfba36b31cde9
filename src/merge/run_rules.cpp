#include "merge/run_rules.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "guard/doors.hpp"
#include "merge/plan_rules.hpp"
#include "pg/context.hpp"
#include "pg/savepoint.hpp"
#include "pg/select.hpp"
#include "pg/session.hpp"
#include "pg/table.hpp"
#include "shape/advice.hpp"

namespace datasurface::merge {

namespace {

constexpr std::size_t most_keys = 5;

void add_keys(std::string &keys, const pg::Rows &rows, std::size_t &count)
{
    for (std::size_t row = 0; row < rows.size() && count < most_keys; ++row, ++count)
        keys += (keys.empty() ? "(" : ", (") + rows.text(row, 0) + ")";
}

void add_counts(std::vector<std::int64_t> &counts, const pg::Rows &row)
{
    for (std::size_t i = 0; i < counts.size(); ++i)
        counts[i] += row.bigint(0, i);
}

std::string keys_of(const shape::Shape &shape, const model::Check &check, Changes &changes,
                    const pg::Snapshot &snapshot)
{
    std::string keys;
    std::size_t count = 0;
    changes.each_part_of_new_rows([&](const RowSource &rows) {
        if (count < most_keys)
            add_keys(keys, pg::query_before(plan_broken_keys(shape, check, rows), snapshot), count);
    });
    return keys;
}

RowSource staging(const shape::Shape &shape)
{
    return {shape.names.staging.sql(), {}};
}

// The names of the checks that may have raised the error: one, if it raises again when the checks are asked one by one.
std::vector<std::string> names_of_raising(const shape::Shape &shape, const std::vector<model::Check> &checks,
                                          const RowSource &rows, const pg::Snapshot &snapshot)
{
    std::vector<std::string> all;
    for (const model::Check &check : checks) {
        std::string const name = "\"" + check.name + "\"";
        if (pg::rolled_back([&] { (void)pg::query_before(plan_checks(shape, {check}, rows), snapshot); }))
            return {name};
        all.push_back(name);
    }
    return all;
}

Error raised_by_check(const Error &error, const shape::Shape &shape, const std::vector<std::string> &names)
{
    std::string const raised = names.size() == 1
                                   ? "The condition of check " + names.front() + " of " + title(shape) + " raised it."
                                   : "The condition of one of the checks of " + title(shape) +
                                         " raised it: " + sqltext::join(names, ", ") + ".";
    return {
        error.sqlstate, error.message, error.detail.empty() ? raised : error.detail + "\n" + raised,
        (error.hint.empty() ? "" : error.hint + "\n") +
            "Load a model whose condition can be evaluated for every row, for example with nullif or CASE, or correct "
            "the rows. An error fails the batch whatever the severity of the check is."};
}

// A condition that raises would say neither the check nor the dataset.
void ask_part(std::vector<std::int64_t> &counts, const shape::Shape &shape, const std::vector<model::Check> &checks,
              const RowSource &rows, const pg::Snapshot &snapshot)
{
    std::optional<Error> const error =
        pg::savepoint([&] { add_counts(counts, pg::query_before(plan_checks(shape, checks, rows), snapshot)); });
    if (error)
        throw raised_by_check(*error, shape, names_of_raising(shape, checks, rows, snapshot));
}

// A condition becomes part of a statement here, so it is checked again that it is one expression, and what it would call.
void require_harmless(const shape::Shape &shape, const std::vector<model::Check> &checks)
{
    for (const model::Check &check : checks) {
        sqltext::Statement const alone = plan_checks(shape, {check}, staging(shape));
        pg::SelectCheck const select = pg::check_select(alone.text);
        if (!select.problem.empty() || select.text != alone.text)
            throw Error(sqlstate::model_invalid,
                        "check \"" + check.name + "\" of " + title(shape) + " is not one boolean expression",
                        select.problem, "Load a model whose check is one.");
    }
    guard::check_statement(plan_checks(shape, checks, staging(shape)), "a check of " + title(shape));
}

} // namespace

void Checks::begin()
{
    saw_all_ = false;
    counts_.assign(checks_.size(), 0);
}

void Checks::see(const RowSource &part)
{
    pg::with_context("checks of " + title(shape_), [&] {
        if (!are_harmless_)
            require_harmless(shape_, checks_);
        are_harmless_ = true;
        ask_part(counts_, shape_, checks_, part, snapshot_);
    });
}

std::vector<Broken> Checks::broken(Changes &changes)
{
    if (!saw_all_) {
        begin();
        changes.each_part_of_new_rows([&](const RowSource &part) { see(part); });
        end();
    }
    std::vector<Broken> broken;
    pg::with_context("checks of " + title(shape_), [&] {
        for (std::size_t i = 0; i < checks_.size(); ++i)
            if (counts_[i] > 0)
                broken.push_back({checks_[i].name, checks_[i].severity, counts_[i],
                                  keys_of(shape_, checks_[i], changes, snapshot_)});
    });
    return broken;
}

std::vector<Broken> broken_in_table(const shape::Shape &shape, const std::vector<model::Check> &checks,
                                    const pg::Snapshot &snapshot)
{
    std::vector<Broken> broken;
    if (checks.empty())
        return broken;
    pg::with_context("checks of " + title(shape), [&] {
        pg::lock_owned(shape.names.merge, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, [&] {
            RowSource const all{shape.names.merge.sql(), {}};
            require_harmless(shape, checks);
            std::vector<std::int64_t> counts(checks.size());
            pg::see_own_changes(snapshot);
            ask_part(counts, shape, checks, all, snapshot);
            for (std::size_t i = 0; i < checks.size(); ++i) {
                if (counts[i] == 0)
                    continue;
                broken.push_back({checks[i].name, checks[i].severity, counts[i], ""});
                std::size_t count = 0;
                add_keys(broken.back().keys, pg::query_before(plan_broken_keys(shape, checks[i], all), snapshot),
                         count);
            }
        });
    });
    return broken;
}

std::int64_t dangling_rows(const shape::Shape &shape, const shape::Shape &other, const model::Reference &reference,
                           const pg::Snapshot &snapshot, std::string &keys)
{
    std::int64_t rows = 0;
    pg::with_context("reference \"" + reference.name + "\" of " + title(shape), [&] {
        // another stream may own it, and has not locked it here
        pg::lock_owned(other.names.merge, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, [&] {
            rows = pg::query(plan_reference(shape, other, reference), &snapshot).bigint(0, 0);
            std::size_t count = 0;
            if (rows > 0)
                add_keys(keys, pg::query(plan_dangling_keys(shape, other, reference), &snapshot), count);
        });
    });
    return rows;
}

} // namespace datasurface::merge
