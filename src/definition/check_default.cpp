#include "definition/check_default.hpp"

#include <optional>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"

namespace datasurface::definition {

namespace {

model::Problem judge(const model::Column &column, const std::string &type, const Error &error)
{
    std::string const value = "the default " + shown(*column.default_text) + " of column " + shown(column.name);
    if (error.sqlstate == sqlstate::lock_not_available || error.is_refusal)
        return {model::Severity::warning,
                {},
                "default_not_tried",
                value + " could not be tried: " + error.message,
                error.hint};
    return {model::Severity::error,
            {},
            "default_invalid",
            value + " is no value of type " + type + ": " + error.message,
            error.hint.empty() ? "Write it as PostgreSQL reads a value of this type from text." : error.hint};
}

} // namespace

DefaultTrial::DefaultTrial(const model::Store &store, const std::string &caller)
    : owner_(store.owner), may_try_(pg::role_exists(store.owner) && rights::may_load_for(caller, store.owner))
{
}

void DefaultTrial::check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                         pg::TypeCache &types) const
{
    for (std::size_t i = 0; may_try_ && i < dataset.columns.size() && !problems.full(); ++i) {
        const model::Column &column = dataset.columns[i];
        if (!column.default_text || column.type.empty())
            continue;
        const pg::TypeLookup &lookup = types.find(column.type);
        if (!lookup.type)
            continue; // told by the check of types
        pg::as_role(owner_, [&] {
            std::optional<Error> const error = pg::problem_of_value(lookup.type->name, *column.default_text);
            if (!error)
                return;
            model::Problem problem = judge(column, lookup.type->name, *error);
            problem.pointer = pointer + "/columns/" + std::to_string(i) + "/default";
            problems.add(std::move(problem));
        });
    }
}

} // namespace datasurface::definition
