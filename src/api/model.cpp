// api: the SQL functions. Read arguments, call one workflow, return. This file: the definition loop.
#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "definition/check.hpp"
#include "definition/load.hpp"
#include "model/types.hpp"
#include "pg/entry.hpp"
#include "pg/session.hpp"
#include "reconcile/run.hpp"

namespace datasurface::api {

static std::string document(const pg::Call &call)
{
    if (std::optional<std::string> text = call.optional_text(0))
        return std::move(*text);
    throw Error(
        sqlstate::null_value_not_allowed, "model must not be NULL", "A model is a JSON document.",
        "Pass the JSON document, such as '{\"stores\": []}'. In psql: \\set model `cat file.json`, then :'model'.");
}

DATASURFACE_FUNCTION(ds_validate_model)
{
    std::string const text = document(call);
    bool const replace = call.boolean(1, "replace");
    std::vector<pg::Call::Row> rows;
    pg::as_extension_owner([&] {
        for (const model::Problem &problem : definition::check(text, replace, pg::calling_role()).problems)
            rows.push_back({std::string(model::word(problem.severity)), problem.pointer, problem.code, problem.message,
                            sqltext::or_null(problem.hint)});
    });
    return call.returns_rows(rows);
}

DATASURFACE_FUNCTION(ds_load_model)
{
    std::string const text = document(call);
    bool const replace = call.boolean(1, "replace");
    definition::Loaded loaded;
    pg::as_extension_owner([&] { loaded = definition::load(text, replace, pg::calling_role()); });
    return call.returns_row({loaded.version, sqltext::array_literal(loaded.warnings)});
}

static change::Allowed allowed(const pg::Call &call, int argument)
{
    change::Allowed allowed;
    std::optional<std::vector<std::string>> const words = call.optional_texts(argument, "allow");
    for (const std::string &word : words ? *words : std::vector<std::string>()) {
        if (word == change::word(change::Class::rewrite))
            allowed.rewrite = true;
        else if (word == change::word(change::Class::lossy))
            allowed.lossy = true;
        else
            throw Error(sqlstate::invalid_parameter_value, "\"" + word + "\" is no class of steps that can be allowed",
                        "allow takes rewrite and lossy; safe steps are always taken, refused ones never.",
                        "Call ds_reconcile_schema(allow => '{rewrite,lossy}').");
    }
    return allowed;
}

DATASURFACE_FUNCTION(ds_reconcile_schema)
{
    std::optional<std::string> const store = call.optional_text(0);
    change::Allowed const allow = allowed(call, 1);
    std::vector<pg::Call::Row> rows;
    pg::as_extension_owner([&] {
        for (const reconcile::Result &result : reconcile::run(pg::calling_role(), store, allow))
            rows.push_back({result.object, result.action, sqltext::or_null(result.statement),
                            sqltext::or_null(result.error), sqltext::or_null(result.detail),
                            sqltext::or_null(result.hint)});
    });
    return call.returns_rows(rows);
}

} // namespace datasurface::api
