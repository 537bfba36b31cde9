#include "definition/check_query.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "definition/check_watermark.hpp"
#include "ingest/columns.hpp"
#include "pg/context.hpp"
#include "pg/dry_run.hpp"
#include "pg/select.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"
#include "sqltext/place.hpp"

namespace datasurface::definition {

namespace {

using model::Severity;

// milliseconds. Far below deadlock_timeout: a load has locked the model, and must never be part of a deadlock.
constexpr int brief_wait = 100;

std::string with_place(const std::string &message, const std::string &query, int position)
{
    return position > 0 ? message + " (" + sqltext::in_words(sqltext::place_of(query, position)) + ")" : message;
}

// True for an error that only another query can correct. Other errors may be corrected in the database before the first batch,
// by creating a table or column, granting a right or correcting a value. An error of planning may also come from a function.
bool is_the_models_fault(const pg::DryRun &run)
{
    constexpr std::string_view codes[] = {
        "0A000", // set-returning function where none may be, another database
        "42601", // syntax_error
        "42611", // invalid_column_definition
        "42701", // duplicate_column
        "42702", // ambiguous_column
        "42712", // duplicate_alias
        "42803", // grouping_error
        "42804", // datatype_mismatch
        "42P02", // undefined_parameter
        "42P09", // ambiguous_alias
        "42P10", // invalid_column_reference
        "42P18", // indeterminate_datatype
        "42P19", // invalid_recursion
        "42P20", // windowing_error
    };
    return !run.columns && std::find(std::begin(codes), std::end(codes), run.problem->sqlstate) != std::end(codes);
}

std::string with_hint(const std::string &hint, const std::string &more)
{
    return hint.empty() ? more : hint + " " + more;
}

// No privilege on a table with row security and no other policy helps: the role must see all rows, because a hidden row would
// count as deleted.
std::string hint_for_right(const pg::DryRun &run, const std::string &owner)
{
    std::string const role = "It runs as role \"" + owner + "\"";
    if (run.row_security)
        return with_hint(run.problem->hint, role +
                                                ", which must see all rows: give the role BYPASSRLS, or let the query "
                                                "read a table without row security.");
    return run.problem->hint.empty() ? role + ": grant that role the privilege before the first batch."
                                     : run.problem->hint;
}

// What is tried, in words.
struct Subject {
    std::string text;
    std::string correct;
    std::string correct_or; // the database
};

const Subject &subject_of(const model::Dataset &dataset)
{
    static const auto *const query =
        new Subject{"the query", "Correct the query.", "Correct the query, or the database before the first batch."};
    static const auto *const table =
        new Subject{"reading the table", "Correct the filter.",
                    "Correct the table, its columns and the filter here, or the database before the first batch."};
    return dataset.from ? *table : *query;
}

// Makes the problem, without its pointer and without the place in the query.
model::Problem judge(const pg::DryRun &run, const std::string &owner, const Subject &subject)
{
    const Error &error = *run.problem;
    if (is_the_models_fault(run))
        return {Severity::error,
                {},
                "query_invalid",
                subject.text + " is invalid: " + error.message,
                error.hint.empty() ? subject.correct : error.hint};
    if (error.sqlstate == sqlstate::lock_not_available)
        return {Severity::warning,
                {},
                "query_not_tried",
                subject.text + " could not be checked, because a table that it reads is locked",
                "Validate the model again when the lock has been released."};
    // a session of the owner may run it
    if (error.is_refusal)
        return {Severity::warning,
                {},
                "query_not_tried",
                subject.text + " could not be checked in this session: " + error.message,
                "A batch in this session is refused too. " + error.hint};
    std::string const message = subject.text + " would fail now: " + error.message;
    // for an invalid date PostgreSQL suggests another DateStyle, but the setting is pinned for queries
    std::string const hint = error.sqlstate == "22008" ? "" : error.hint;
    if (error.sqlstate == sqlstate::insufficient_privilege)
        return {Severity::warning, {}, "query_fails_now", message, hint_for_right(run, owner)};
    return {Severity::warning,
            {},
            "query_fails_now",
            message,
            run.unqualified ? error.hint : with_hint(hint, subject.correct_or)};
}

std::vector<ingest::Wanted> wanted_columns(const model::Dataset &dataset, pg::TypeCache &types)
{
    std::vector<ingest::Wanted> wanted;
    for (const model::Column &column : dataset.columns) {
        const pg::TypeLookup &lookup = types.find(column.type);
        wanted.push_back({column.name, lookup.type ? lookup.type->name : ""});
    }
    return wanted;
}

// A problem of the SELECT belongs to the query, or to the table or its filter.
void put_in_place(model::Problem &problem, const std::string &pointer, const ingest::Pull &pull,
                  const model::Dataset &dataset, int position)
{
    if (!dataset.from) {
        problem.pointer = pointer + "/query";
        problem.message = with_place(problem.message, dataset.query, position);
        return;
    }
    int const before =
        pull.filter_at == 0 ? position : static_cast<int>(characters(pull.select.substr(0, pull.filter_at)));
    problem.pointer = pointer + (position > before ? "/filter" : "/from");
    if (position > before)
        problem.message = with_place(problem.message, dataset.from->filter, position - before);
}

void report_misfits(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                    const ingest::Fit &fit)
{
    for (const ingest::Misfit &misfit : ingest::misfits(fit))
        problems.add(
            {misfit.harmless ? Severity::warning : Severity::error, pointer + (dataset.from ? "/from" : "/query"),
             misfit.code, (dataset.from ? "the table " : "the query ") + misfit.message + ": " + misfit.why,
             dataset.from ? "Give the column of the dataset that type, or write a query that casts it." : misfit.hint});
}

void fit_exactly(model::Report &problems, const ingest::ExactTable &exact, const std::string &pointer)
{
    pg::DryRun const run = pg::dry_run(exact.select);
    if (!run.columns)
        return; // it is reported already
    std::vector<std::string> given;
    for (const pg::QueryColumn &column : *run.columns)
        given.push_back(column.name);
    std::vector<std::string> const surplus = ingest::surplus_columns(exact, given);
    if (!surplus.empty())
        problems.add({Severity::error, pointer + "/match_columns", "table_has_more",
                      "the table " + ingest::has_more(surplus),
                      "Add the columns to the dataset, or say \"subset\": then they are left out."});
}

// False when it is no query, which is reported.
bool check_text(model::Report &problems, const model::Dataset &dataset, const std::string &pointer)
{
    std::string const here = pointer + "/query";
    pg::SelectCheck const select = pg::check_select(dataset.query);
    if (!select.parsed)
        problems.add({Severity::error, here, "query_invalid",
                      with_place("the query is invalid: " + select.problem, dataset.query, select.position),
                      "Correct the query."});
    else if (!select.problem.empty())
        problems.add({Severity::error, here, "not_a_plain_select",
                      "the query is not one plain SELECT: " + select.problem,
                      "It must be one SELECT, without INTO, FOR UPDATE or data-modifying WITH."});
    return select.problem.empty();
}

bool check_filter(model::Report &problems, const model::From &from, const std::string &pointer)
{
    std::optional<pg::ConditionFault> const fault =
        from.filter.empty() ? std::optional<pg::ConditionFault>() : pg::check_condition(from.filter);
    if (fault)
        problems.add({Severity::error, pointer + "/filter", "condition_invalid",
                      with_place("the filter is invalid: " + fault->problem, from.filter, fault->position),
                      "Write one condition over the columns of the table, as behind WHERE."});
    return !fault;
}

} // namespace

QueryTrial::QueryTrial(const model::Store &store, const std::string &caller)
    : store_(store.name), owner_(store.owner),
      may_try_(!store.source && pg::role_exists(store.owner) && rights::may_load_for(caller, store.owner))
{
}

void QueryTrial::try_out(model::Report &problems, const model::Dataset &dataset, const ingest::Pull &pull,
                         const std::string &pointer, pg::TypeCache &types)
{
    std::vector<ingest::Wanted> const wanted = wanted_columns(dataset, types);
    pg::as_role(owner_, [&] {
        pg::set_lock_timeout(may_wait_ ? brief_wait : 1);
        pg::DryRun const run = pg::dry_run(pull.select);
        if (run.problem) {
            model::Problem problem = judge(run, owner_, subject_of(dataset));
            put_in_place(problem, pointer, pull, dataset, run.position);
            problems.add(std::move(problem));
            may_wait_ = may_wait_ && run.problem->sqlstate != sqlstate::lock_not_available;
        }
        if (!run.columns)
            return;
        ingest::Fit fit = ingest::fit_columns(wanted, *run.columns);
        leave_out_used(fit, dataset);
        report_misfits(problems, dataset, pointer, fit);
        if (pull.exact)
            fit_exactly(problems, *pull.exact, pointer);
        if (dataset.watermark && !run.problem)
            try_watermark(problems, dataset, pointer);
    });
}

void QueryTrial::check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                       pg::TypeCache &types)
{
    if (!model::is_pulled(dataset.ingestion) || (!dataset.from && dataset.query.empty()))
        return;
    std::string const here = pointer + "/ingestion";
    if (dataset.watermark)
        check_watermark(problems, dataset, here);
    bool const is_fine =
        dataset.from ? check_filter(problems, *dataset.from, here) : check_text(problems, dataset, here);
    if (!is_fine || !may_try_)
        return;
    model::Dataset without_marks = dataset;
    without_marks.watermark = nullptr;
    pg::with_context("validation of the query of dataset \"" + dataset.name + "\" of store \"" + store_ + "\"",
                     [&] { try_out(problems, dataset, ingest::plan_pull(without_marks), here, types); });
    if (dataset.watermark)
        check_mark_index(problems, dataset, here);
}

} // namespace datasurface::definition
