#include "definition/check_rules.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "pg/context.hpp"
#include "pg/dry_run.hpp"
#include "pg/select.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"
#include "shape/condition.hpp"
#include "sqltext/place.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::definition {

namespace {

using model::Severity;

constexpr int brief_wait = 100; // milliseconds; see check_query.cpp

const model::Column *find_column(const model::Dataset &dataset, const std::string &name)
{
    auto const found = std::find_if(dataset.columns.begin(), dataset.columns.end(),
                                    [&](const model::Column &column) { return column.name == name; });
    return found == dataset.columns.end() ? nullptr : &*found;
}

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

// What is wrong with its text, and where; the position is in the condition.
struct Misread {
    std::string problem;
    int position;
};

// Alone behind SELECT it is one statement, and in parentheses it ends where it ends: then it can be embedded.
std::optional<Misread> misread(const model::Check &check)
{
    constexpr std::string_view select = "SELECT ", parenthesis = "(";
    pg::SelectCheck const alone = pg::check_select(std::string(select) + check.condition);
    if (!alone.problem.empty())
        return Misread{alone.problem, alone.position - static_cast<int>(select.size())};
    pg::SelectCheck const embedded = pg::check_select(std::string(select) + shape::condition_sql(check));
    if (!embedded.problem.empty())
        return Misread{embedded.problem, embedded.position - static_cast<int>(select.size() + parenthesis.size())};
    return std::nullopt;
}

model::Problem invalid(std::string message, std::string hint)
{
    return {Severity::error,
            {},
            "condition_invalid",
            "the condition is invalid: " + std::move(message),
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

std::optional<model::Problem> judge(const pg::DryRun &run)
{
    if (run.has_subquery)
        return invalid("it has a subquery", "Rows of another dataset are declared in \"references\".");
    if (run.is_volatile)
        return invalid("it calls a volatile function",
                       "Use functions that are declared STABLE or IMMUTABLE; they cannot write.");
    if (!run.problem)
        return std::nullopt;
    const Error &error = *run.problem;
    if (error.sqlstate != sqlstate::lock_not_available && !error.is_refusal)
        return invalid(error.message, without_alias(error.hint));
    return model::Problem{Severity::warning,
                          {},
                          "condition_not_tried",
                          "the condition could not be tried: " + error.message,
                          error.hint};
}

std::string without_modifier(const std::string &type)
{
    std::size_t const open = type.find('(');
    std::size_t const close = type.find(')');
    return open == std::string::npos || close < open ? type : type.substr(0, open) + type.substr(close + 1);
}

bool are_comparable(const pg::TypeLookup &one, const pg::TypeLookup &other)
{
    if (!one.type->equality || !other.type->equality)
        return false;
    const shape::Equality &a = *one.type->equality;
    const shape::Equality &b = *other.type->equality;
    bool const same_operand =
        a.operand.empty() ? without_modifier(one.type->name) == without_modifier(other.type->name) : true;
    return a.schema == b.schema && a.name == b.name && a.operand == b.operand && same_operand;
}

} // namespace

RuleTrial::RuleTrial(const model::Store &store, const std::string &caller)
    : owner_(store.owner), may_try_(pg::role_exists(store.owner) && rights::may_load_for(caller, store.owner))
{
    for (const model::Dataset &dataset : store.datasets)
        datasets_.emplace(dataset.name, &dataset);
}

void RuleTrial::check_condition(model::Report &problems, const model::Dataset &dataset, const model::Check &check,
                                const std::string &pointer, pg::TypeCache &types)
{
    auto const complain = [&](model::Problem problem, int position) {
        problem.pointer = pointer;
        problem.message += place(check.condition, position);
        problems.add(std::move(problem));
    };
    if (std::optional<Misread> const found = misread(check))
        return complain(invalid(found->problem, {}), found->position);
    std::string const rows = rows_of(dataset, types);
    if (!may_try_ || rows.empty())
        return;
    std::string const before = "SELECT FROM " + rows + " WHERE ";
    pg::as_role(owner_, [&] {
        pg::set_lock_timeout(brief_wait);
        pg::DryRun const run = pg::dry_run(before + shape::condition_sql(check));
        if (std::optional<model::Problem> problem = judge(run))
            complain(std::move(*problem), run.position - static_cast<int>(characters(before)) - 1);
    });
}

// Each value is looked up by the equality of its type, so both types need the same one.
void RuleTrial::check_reference(model::Report &problems, const model::Dataset &dataset,
                                const model::Reference &reference, const std::string &pointer, pg::TypeCache &types)
{
    auto const other = datasets_.find(reference.dataset);
    if (other == datasets_.end())
        return; // told by lint
    for (std::size_t i = 0; i < reference.columns.size() && i < reference.to.size(); ++i) {
        const model::Column *const from = find_column(dataset, reference.columns[i]);
        const model::Column *const to = find_column(*other->second, reference.to[i]);
        if (from == nullptr || to == nullptr)
            continue;
        const pg::TypeLookup &one = types.find(from->type);
        const pg::TypeLookup &two = types.find(to->type);
        if (one.type && two.type && !are_comparable(one, two))
            problems.add({Severity::error, pointer + "/columns/" + std::to_string(i), "reference_type",
                          "column " + shown(from->name) + " of type " + one.type->name + " cannot refer to column " +
                              shown(to->name) + " of type " + two.type->name,
                          "Give both the same type, one that can be part of a key."});
    }
}

void RuleTrial::check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                      pg::TypeCache &types)
{
    if (!dataset.rules)
        return;
    for (std::size_t i = 0; i < dataset.rules->checks.size() && !problems.full(); ++i) {
        const model::Check &check = dataset.rules->checks[i];
        if (!check.condition.empty())
            pg::with_context("validation of check \"" + check.name + "\" of dataset \"" + dataset.name + "\"", [&] {
                check_condition(problems, dataset, check, pointer + "/checks/" + std::to_string(i) + "/condition",
                                types);
            });
        pg::check_interrupts();
    }
    for (std::size_t i = 0; i < dataset.rules->references.size() && !problems.full(); ++i)
        check_reference(problems, dataset, dataset.rules->references[i], pointer + "/references/" + std::to_string(i),
                        types);
}

} // namespace datasurface::definition
