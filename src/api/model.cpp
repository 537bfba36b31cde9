// api: the SQL functions. Read arguments, call one workflow, return. This file: the definition loop.
#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/store.hpp"
#include "definition/check.hpp"
#include "definition/load.hpp"
#include "model/types.hpp"
#include "pg/entry.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "reconcile/drop.hpp"
#include "reconcile/in_chunks.hpp"
#include "reconcile/preflight.hpp"
#include "reconcile/run.hpp"
#include "reconcile/show.hpp"

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
                        "Call it with allow => '{rewrite,lossy}'.");
    }
    return allowed;
}

DATASURFACE_FUNCTION(ds_reconcile_schema)
{
    std::optional<std::string> const store = call.optional_text(0);
    change::Allowed const allow = allowed(call, 1);
    std::optional<std::string> const plan = call.optional_text(2);
    std::vector<pg::Call::Row> rows;
    pg::as_extension_owner([&] {
        for (const reconcile::Result &result : reconcile::run(pg::calling_role(), store, allow, plan))
            rows.push_back({result.object, result.action, sqltext::or_null(result.statement),
                            sqltext::or_null(result.error), sqltext::or_null(result.detail),
                            sqltext::or_null(result.hint)});
    });
    return call.returns_rows(rows);
}

DATASURFACE_FUNCTION(ds_drop_dataset)
{
    std::string const store = call.text(0, "store");
    std::string const dataset = call.text(1, "dataset");
    std::string const confirm = call.text(2, "confirm");
    std::vector<pg::Call::Row> rows;
    pg::as_extension_owner([&] {
        for (const reconcile::Result &result : reconcile::drop(pg::calling_role(), store, dataset, confirm))
            rows.push_back({result.object, result.action, result.statement});
    });
    return call.returns_rows(rows);
}

DATASURFACE_FUNCTION(ds_reconcile)
{
    reconcile::in_chunks(call.optional_text(0), call.integer(1, "chunk"), allowed(call, 2), call.is_atomic());
    return call.returns_void();
}

static std::string text_of(const Error &error)
{
    std::string text = error.sqlstate + ": " + error.message;
    for (const std::string &more : {error.detail, error.hint})
        if (!more.empty())
            text += "\n" + more;
    return text;
}

static std::string reason_of(const change::Step &step)
{
    constexpr char own_transaction[] = "it needs the steps before it to be committed";
    if (!step.next_transaction)
        return step.reason;
    return (step.reason.empty() ? "" : step.reason + "; ") + own_transaction;
}

// The plan, which all rows have in their last column, is known behind the last of them.
static void add_rows(pg::Call::Spool &rows, const reconcile::ShownObject &object)
{
    if (object.error)
        rows.add({rows.size() + 1,
                  object.object,
                  {},
                  {},
                  std::string(word(change::Class::refused)),
                  {},
                  {},
                  {},
                  {},
                  text_of(*object.error),
                  object.fingerprint,
                  {}});
    for (const change::Step &step : object.steps) {
        if (step.statement.empty())
            continue;
        bool const locks = step.lock != change::Lock::none;
        rows.add({rows.size() + 1,
                  step.object,
                  std::string(word(step.action)),
                  step.statement,
                  std::string(word(step.cost)),
                  sqltext::or_null(std::string(word(step.lock))),
                  locks ? sqltext::Value((step.on ? *step.on : step.name).sql()) : sqltext::Value(),
                  step.bytes,
                  step.dependents.empty() ? sqltext::Value() : sqltext::array_literal(step.dependents),
                  sqltext::or_null(reason_of(step)),
                  object.fingerprint,
                  {}});
    }
}

static void add_row(pg::Call::Spool &rows, const reconcile::ShownOrphan &orphan)
{
    rows.add({rows.size() + 1,
              orphan.object,
              "orphan",
              {},
              std::string(word(change::Class::safe)),
              {},
              {},
              orphan.bytes,
              {},
              orphan.reason,
              {},
              {}});
}

// A document that is not loaded is loaded for as long as the plan is made.
static reconcile::Shown shown(const std::optional<std::string> &model, bool replace,
                              const std::optional<std::string> &store, const reconcile::Receive &receive)
{
    std::string const caller = pg::calling_role();
    if (!model)
        return reconcile::show(caller, store, change::everything, receive);
    reconcile::Shown shown;
    bool const is_loaded = store && catalog::find_store_in_model(*store);
    std::optional<Error> const failure = pg::rolled_back([&] {
        definition::load(*model, replace, caller);
        if (is_loaded && !catalog::find_store_in_model(*store))
            throw Error(sqlstate::unknown_stream, "the document names no store \"" + *store + "\"",
                        "The loaded model has it.",
                        "Name a store of the document. Or leave store out: then the plan is of all stores.");
        shown = reconcile::show(caller, store, change::everything, receive);
    });
    if (failure)
        throw Error(*failure);
    return shown;
}

DATASURFACE_FUNCTION(ds_preflight)
{
    std::vector<pg::Call::Row> rows;
    pg::as_extension_owner([&] {
        for (const reconcile::Advice &advice : reconcile::preflight())
            rows.push_back({advice.setting, advice.value, advice.wanted, advice.reason, advice.severity});
    });
    return call.returns_rows(rows);
}

DATASURFACE_FUNCTION(ds_plan_schema)
{
    std::optional<std::string> const model = call.optional_text(0);
    std::optional<std::string> const store = call.optional_text(1);
    bool const replace = call.boolean(2, "replace");
    pg::Call::Spool rows = call.spool();
    reconcile::Shown plan;
    pg::as_extension_owner([&] {
        plan = shown(model, replace, store, [&](const reconcile::ShownObject &object) { add_rows(rows, object); });
        for (const reconcile::ShownOrphan &orphan : plan.orphans)
            add_row(rows, orphan);
    });
    return call.returns_spooled(rows, sqltext::or_null(plan.fingerprint));
}

} // namespace datasurface::api
