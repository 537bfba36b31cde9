#include "definition/try_condition.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "model/former_names.hpp"
#include "pg/dry_run.hpp"
#include "pg/harmless_only.hpp"
#include "pg/select.hpp"
#include "pg/session.hpp"
#include "shape/condition.hpp"
#include "sqltext/place.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::definition {

namespace {

using model::Severity;

constexpr int brief_wait = 100; // milliseconds; see check_query.cpp

// Two rows of the dataset's columns: the planner evaluates no condition for what may be more than one row. A condition can
// name nothing but the columns, since it does not know the name of the rows.
std::string rows_of(const model::Dataset &dataset, pg::TypeCache &types)
{
    std::vector<std::string> names, first, second;
    for (const model::Column &column : dataset.columns) {
        const pg::TypeLookup &lookup = types.find(column.type);
        if (!lookup.type)
            return {};
        names.push_back(sqltext::identifier(column.name));
        first.push_back("NULL::" + lookup.type->name);
        second.emplace_back("NULL");
    }
    return "(VALUES (" + sqltext::join(first, ", ") + "), (" + sqltext::join(second, ", ") + ")) ds_surf_row (" +
           sqltext::join(names, ", ") + ")";
}

// The message goes on behind the subject.
model::Problem invalid(std::string message, std::string hint)
{
    return {Severity::error,
            {},
            "condition_invalid",
            " is invalid: " + std::move(message),
            hint.empty() ? "Write an expression of type boolean over the columns, as in a CHECK constraint."
                         : std::move(hint)};
}

std::string place(const std::string &condition, int position)
{
    int const length = static_cast<int>(characters(condition));
    return position < 1 || position > length ? ""
                                             : " (" + sqltext::in_words(sqltext::place_of(condition, position)) + ")";
}

// PostgreSQL's advice on a column names our rows.
std::string without_alias(std::string hint)
{
    constexpr std::string_view alias = "ds_surf_row.";
    for (std::size_t at = hint.find(alias); at != std::string::npos; at = hint.find(alias))
        hint.erase(at, alias.size());
    return hint;
}

// The name that a piece of a condition begins with.
std::string name_in(const std::string &piece)
{
    if (piece.starts_with('"'))
        return piece.substr(1, piece.find('"', 1) - 1);
    constexpr std::string_view ends = "+-*/<>=~!@#%^&|`?:.[]'\"";
    return in_small_letters(piece.substr(0, piece.find_first_of(ends)));
}

// piece: of the condition, where it names a column that the dataset does not have. hint: of PostgreSQL
std::string hint_for_column(const std::string &piece, const model::Dataset &dataset, const ConditionTrial &trial,
                            const std::string &hint)
{
    std::string const name = name_in(piece);
    if (std::string_view const now = model::name_now(dataset.columns, name); !now.empty())
        return model::has_another_name(now);
    for (std::size_t i = 0; trial.shown_columns != nullptr && i < trial.shown_columns->size(); ++i)
        if (const model::SinkColumn &column = (*trial.shown_columns)[i]; column.name() == name)
            return "A condition names a column under its name in the dataset: " + shown(column.column) + ".";
    return piece.starts_with('"') && hint.empty()
               ? "A text value has single quotes; double quotes enclose the name of a column."
               : hint;
}

// of_a_view: rows of others cannot be declared either.
std::optional<model::Problem> judge(const pg::DryRun &run, bool of_a_view)
{
    if (run.has_subquery)
        return invalid("it has a subquery", of_a_view ? "Use the columns of the dataset only."
                                                      : "Rows of another dataset are declared in \"references\".");
    if (run.is_volatile)
        return invalid("it calls a volatile function",
                       "Use functions that are declared STABLE or IMMUTABLE; they cannot write.");
    if (!run.problem)
        return std::nullopt;
    const Error &error = *run.problem;
    bool const is_forbidden = of_a_view && error.is_refusal;
    if (is_forbidden || (error.sqlstate != sqlstate::lock_not_available && !error.is_refusal))
        return invalid(error.message, without_alias(error.hint));
    return model::Problem{Severity::warning,
                          {},
                          "condition_not_tried",
                          " could not be tried: " + error.message,
                          error.hint};
}

// Of a view, the loader of the workspace has written it, and it is tried as the owner of the store.
pg::DryRun tried(const std::string &query, bool of_a_view)
{
    pg::DryRun run;
    if (of_a_view)
        pg::with_harmless_code_only([&] { run = pg::dry_run(query); });
    else
        run = pg::dry_run(query);
    return run;
}

} // namespace

void try_condition(model::Report &problems, const model::Dataset &dataset, const std::string &condition,
                   const ConditionTrial &trial, pg::TypeCache &types)
{
    auto const complain = [&](model::Problem problem, int position) {
        problem.pointer = trial.pointer;
        problem.message = trial.subject + problem.message + place(condition, position);
        problems.add(std::move(problem));
    };
    if (std::optional<pg::ConditionFault> const found = pg::check_condition(condition))
        return complain(invalid(found->problem, {}), found->position);
    std::string const rows = rows_of(dataset, types);
    if (trial.role.empty() || rows.empty())
        return;
    std::string const before = "SELECT FROM " + rows + " WHERE ";
    pg::as_role(trial.role, [&] {
        pg::set_lock_timeout(brief_wait);
        pg::DryRun const run = tried(before + shape::condition_sql(condition), trial.of_a_view);
        std::optional<model::Problem> problem = judge(run, trial.of_a_view);
        if (!problem)
            return;
        int const position = run.position - static_cast<int>(characters(before)) - 1;
        if (run.problem && run.problem->sqlstate == sqlstate::undefined_column && position > 0)
            *problem = invalid(run.problem->message, hint_for_column(sqltext::place_of(condition, position).piece,
                                                                     dataset, trial, without_alias(run.problem->hint)));
        complain(std::move(*problem), position);
    });
}

} // namespace datasurface::definition
