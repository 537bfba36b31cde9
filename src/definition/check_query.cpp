#include "definition/check_query.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/sqlstate.hpp"
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

// Makes the problem, without its pointer and without the place in the query.
model::Problem judge(const pg::DryRun &run, const std::string &owner)
{
    const Error &error = *run.problem;
    if (is_the_models_fault(run))
        return {Severity::error,
                {},
                "query_invalid",
                "the query is invalid: " + error.message,
                error.hint.empty() ? "Correct the query." : error.hint};
    if (error.sqlstate == sqlstate::lock_not_available)
        return {Severity::warning,
                {},
                "query_not_tried",
                "the query could not be checked, because a table that it reads is locked",
                "Validate the model again when the lock has been released."};
    // a session of the owner may run it
    if (error.is_refusal)
        return {Severity::warning,
                {},
                "query_not_tried",
                "the query could not be checked in this session: " + error.message,
                "A batch in this session is refused too. " + error.hint};
    std::string const message = "the query would fail now: " + error.message;
    // for an invalid date PostgreSQL suggests another DateStyle, but the setting is pinned for queries
    std::string const hint = error.sqlstate == "22008" ? "" : error.hint;
    if (error.sqlstate == sqlstate::insufficient_privilege)
        return {Severity::warning, {}, "query_fails_now", message, hint_for_right(run, owner)};
    return {Severity::warning,
            {},
            "query_fails_now",
            message,
            run.unqualified ? error.hint
                            : with_hint(hint, "Correct the query, or the database before the first batch.")};
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

} // namespace

QueryTrial::QueryTrial(const model::Store &store, const std::string &caller)
    : store_(store.name), owner_(store.owner),
      may_try_(pg::role_exists(store.owner) && rights::may_load_for(caller, store.owner))
{
}

void QueryTrial::try_out(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                         pg::TypeCache &types)
{
    std::vector<ingest::Wanted> const wanted = wanted_columns(dataset, types);
    pg::as_role(owner_, [&] {
        pg::set_lock_timeout(may_wait_ ? brief_wait : 1);
        pg::DryRun const run = pg::dry_run(dataset.query);
        if (run.problem) {
            model::Problem problem = judge(run, owner_);
            problem.pointer = pointer;
            problem.message = with_place(problem.message, dataset.query, run.position);
            problems.add(std::move(problem));
            may_wait_ = may_wait_ && run.problem->sqlstate != sqlstate::lock_not_available;
        }
        if (!run.columns)
            return;
        for (const ingest::Misfit &misfit : ingest::misfits(ingest::fit_columns(wanted, *run.columns)))
            problems.add({misfit.harmless ? Severity::warning : Severity::error, pointer, misfit.code,
                          "the query " + misfit.message + ": " + misfit.why, misfit.hint});
    });
}

void QueryTrial::check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                       pg::TypeCache &types)
{
    if (dataset.ingestion != model::Ingestion::sql_snapshot || dataset.query.empty())
        return;
    std::string const here = pointer + "/ingestion/query";
    pg::SelectCheck const select = pg::check_select(dataset.query);
    if (!select.parsed)
        problems.add({Severity::error, here, "query_invalid",
                      with_place("the query is invalid: " + select.problem, dataset.query, select.position),
                      "Correct the query."});
    else if (!select.problem.empty())
        problems.add({Severity::error, here, "not_a_plain_select",
                      "the query is not one plain SELECT: " + select.problem,
                      "It must be one SELECT, without INTO, FOR UPDATE or data-modifying WITH."});
    else if (may_try_)
        pg::with_context("validation of the query of dataset \"" + dataset.name + "\" of store \"" + store_ + "\"",
                         [&] { try_out(problems, dataset, here, types); });
}

} // namespace datasurface::definition
