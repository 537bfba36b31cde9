#include "rights/facts.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/extension.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"

namespace datasurface::rights {

namespace {

bool can_act_for_one_of(const std::string &caller, const model::Roles &roles)
{
    return std::any_of(roles.begin(), roles.end(),
                       [&](const std::string &role) { return pg::can_act_for(caller, role); });
}

Standing standing(const std::string &caller)
{
    Standing who;
    who.superuser = pg::is_superuser(caller);
    who.extension_owner = who.superuser || pg::can_act_for(caller, pg::extension_owner_name());
    return who;
}

Standing standing_to(const std::string &caller, const catalog::Store &store)
{
    Standing who = standing(caller);
    if (who.extension_owner)
        return who;
    who.store_owner = pg::can_act_for(caller, store.owner);
    who.is_operator = !who.store_owner && can_act_for_one_of(caller, catalog::access(store.id).operators);
    return who;
}

Standing standing_to_held(const std::string &caller, const catalog::Store &store)
{
    Standing who = standing_to(caller, store);
    if (std::shared_ptr<const model::Roles> const roles = catalog::access(store.id).release) {
        who.release_is_named = true;
        who.may_release = can_act_for_one_of(caller, *roles);
    }
    return who;
}

std::string listed(const model::Roles &roles)
{
    std::string names;
    for (const std::string &name : roles)
        names += (names.empty() ? "" : ", ") + name;
    return names;
}

std::string hint_for_operators(const catalog::Store &store)
{
    std::string const names = listed(catalog::access(store.id).operators);
    return "Ask " + (names.empty() ? "a member of the owner" : "one of its operators (" + names + ")") +
           ", or have the owner name the role among the \"operators\" of the store.";
}

bool is_true(const char *name, const char *text, std::vector<sqltext::Value> arguments)
{
    return pg::query_kept({name, text, std::move(arguments)}).boolean(0, 0);
}

bool may_create_schemas(const std::string &role)
{
    return pg::role_exists(role) &&
           is_true("may_create_schemas", "SELECT has_database_privilege($1::name, current_database(), 'CREATE')",
                   {role});
}

SchemaFacts facts_of(const Schema &schema)
{
    SchemaFacts facts;
    facts.exists =
        is_true("schema_exists", "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1::name)", {schema.name});
    if (facts.exists) {
        facts.owner_may_create_in_it = pg::role_exists(schema.owner) &&
                                       is_true("may_create_in", "SELECT has_schema_privilege($1::name, $2, 'CREATE')",
                                               {schema.owner, schema.name});
        return facts;
    }
    facts.is_named_like_a_role =
        schema.name != schema.owner && pg::role_exists(schema.name) && !pg::is_member(schema.loader, schema.name);
    facts.owner_may_create_it = may_create_schemas(schema.owner);
    facts.loader_may_create_it = may_create_schemas(schema.loader) && pg::is_member(schema.loader, schema.owner);
    return facts;
}

Refusal explain(SchemaProblem problem, const Schema &schema)
{
    std::string const name = "schema \"" + schema.name + "\"";
    switch (problem) {
    case SchemaProblem::others:
        return {name + " exists, and role \"" + schema.owner + "\" may not create anything in it",
                "Choose another schema, or have its owner GRANT CREATE ON SCHEMA to that role."};
    case SchemaProblem::named_like_a_role:
        return {name + " would be in the search_path of the role of that name, and role \"" + schema.loader +
                    "\" is not a member of that role",
                "Choose another schema, or let a member of that role load the model."};
    case SchemaProblem::may_not_create:
        break;
    }
    if (schema.owner == schema.loader)
        return {name + " is missing, and its owner \"" + schema.owner + "\" may not create it",
                "GRANT CREATE ON DATABASE to that role, or create the schema for it."};
    return {name + " is missing, and neither its owner \"" + schema.owner + "\" nor role \"" + schema.loader +
                "\", which loaded the model, may create it",
            "GRANT CREATE ON DATABASE to one of them, or create the schema for the owner."};
}

} // namespace

bool may_load_for(const std::string &loader, const std::string &owner)
{
    Standing who;
    who.superuser = pg::is_superuser(loader);
    who.can_become_owner = pg::role_exists(owner) ? pg::is_member(loader, owner) : standing(loader).extension_owner;
    return may(Act::load, who);
}

std::optional<Refusal> refusal_to_load(const std::string &loader, const std::string &owner, const std::string &before)
{
    if (!may_load_for(loader, owner))
        return Refusal{"role \"" + loader + "\" is not a member of the owner \"" + owner + "\"",
                       "GRANT the owner's role to the role that loads the model, or let the owner load it."};
    if (!before.empty() && !may_load_for(loader, before))
        return Refusal{
            "role \"" + loader + "\" is not a member of the present owner \"" + before + "\"",
            "Let a member of both roles load the model, or choose another name. If the present owner was dropped, let a "
            "superuser load the model."};
    return std::nullopt;
}

bool may(Act act, const std::string &caller, const catalog::Store &store)
{
    return may(act, act == Act::decide_held ? standing_to_held(caller, store) : standing_to(caller, store));
}

bool may_reconcile(const std::string &caller, const catalog::Workspace &workspace)
{
    Standing who = standing(caller);
    who.workspace_owner = pg::can_act_for(caller, workspace.owner);
    return may(Act::reconcile_workspace, who);
}

bool may_make_view(const std::string &caller, const catalog::Workspace &workspace, const std::string &store)
{
    if (may_reconcile(caller, workspace))
        return true;
    std::optional<catalog::Store> const read = catalog::find_store(store);
    return read && may(Act::reconcile_store, caller, *read);
}

void require_to_run(const std::string &caller, const catalog::Store &store, const std::string &stream)
{
    if (!may(Act::run_batches, caller, store))
        throw Error(sqlstate::insufficient_privilege,
                    "role \"" + caller + "\" may not run batches of stream \"" + stream + "\"",
                    "It is neither a member of role \"" + store.owner + "\", which owns store \"" + store.name +
                        "\", nor one of the store's operators.",
                    hint_for_operators(store));
}

bool may_preview_rows(const std::string &caller, const catalog::Store &store, const sqltext::Qualified &merge_table)
{
    Standing const who = standing_to_held(caller, store);
    return who.superuser || who.extension_owner || who.store_owner || who.may_release ||
           is_true("may_read",
                   "SELECT has_table_privilege($1::name, c.oid, 'SELECT') AND NOT c.relrowsecurity FROM pg_class c"
                   " WHERE c.oid = $2::regclass",
                   {caller, merge_table.sql()});
}

void require_to_decide(const std::string &caller, const catalog::Store &store, const std::string &stream)
{
    std::shared_ptr<const model::Roles> const roles = catalog::access(store.id).release;
    if (!roles)
        return require_to_run(caller, store, stream);
    if (may(Act::decide_held, caller, store))
        return;
    std::string const names = listed(*roles);
    throw Error(sqlstate::insufficient_privilege,
                "role \"" + caller + "\" may not decide of held batches of stream \"" + stream + "\"",
                "It is not a member of a role that the \"release\" of store \"" + store.name + "\" names.",
                "Ask " + (names.empty() ? "a superuser" : "a member of one of these roles: " + names) + ".");
}

void require_to_reconcile(const std::string &caller, const catalog::Store &store)
{
    if (!may(Act::reconcile_store, caller, store))
        throw Error(sqlstate::insufficient_privilege,
                    "role \"" + caller + "\" may not reconcile store \"" + store.name + "\"",
                    "It is not a member of role \"" + store.owner + "\", which owns the store.",
                    "Ask a member of the owner.");
}

std::optional<Refusal> refusal(const Schema &schema)
{
    if (std::optional<SchemaProblem> const problem = schema_problem(facts_of(schema)))
        return explain(*problem, schema);
    return std::nullopt;
}

std::string maker_of(const Schema &schema)
{
    SchemaFacts const facts = facts_of(schema);
    if (std::optional<SchemaProblem> const problem = schema_problem(facts)) {
        Refusal const no = explain(*problem, schema);
        throw Error(sqlstate::insufficient_privilege, no.message,
                    "A schema is created with the rights of its owner, or of the role that loaded the model.", no.hint);
    }
    return facts.owner_may_create_it ? schema.owner : schema.loader;
}

std::vector<std::string> missing_to_create_in(const std::string &role, const std::string &schema)
{
    std::vector<std::string> missing;
    for (const char *const privilege : {"CREATE", "USAGE"})
        if (!is_true("has_privilege", "SELECT has_schema_privilege($1::name, $2, $3)", {role, schema, privilege}))
            missing.push_back(privilege);
    return missing;
}

bool may_grant_usage(const std::string &role, const std::string &schema)
{
    return is_true("may_grant_usage",
                   "SELECT coalesce((SELECT has_schema_privilege($1::name, oid, 'USAGE WITH GRANT OPTION')"
                   " FROM pg_namespace WHERE nspname = $2::name), true)",
                   {role, schema});
}

SeenStore seen_store(const std::string &store, const std::string &owner, const model::Access &access,
                     const std::string &workspace)
{
    SeenStore seen{store, owner, access.consumers != nullptr, false, std::nullopt};
    if (!seen.names_consumers)
        return seen;
    auto const found = std::find_if(access.consumers->begin(), access.consumers->end(),
                                    [&](const model::Consumer &one) { return one.workspace == workspace; });
    seen.is_named = found != access.consumers->end();
    if (seen.is_named && found->readers)
        seen.readers.emplace(found->readers->begin(), found->readers->end());
    return seen;
}

std::optional<Refusal> refusal_to_read(const std::string &workspace, const std::string &owner, const SeenStore &seen)
{
    ReadingFacts facts;
    facts.names_consumers = seen.names_consumers;
    facts.is_named = seen.is_named;
    facts.owner_is_member = pg::can_act_for(owner, seen.owner);
    if (may_read(facts))
        return std::nullopt;
    std::string const no = "workspace \"" + workspace + "\" may not read store \"" + seen.store + "\": ";
    std::string const hint = "Have the store's owner name the workspace among the \"consumers\" of the store.";
    if (facts.names_consumers)
        return Refusal{no + "it is not among its consumers", hint};
    return Refusal{no + "its owner \"" + owner + "\" is not a member of the store's owner \"" + seen.owner + "\"",
                   hint};
}

bool may_be_reader(const std::string &role, const SeenStore &seen)
{
    return !seen.readers || seen.readers->contains(role);
}

std::vector<std::string> unwanted_readers(const sqltext::Qualified &view, const SeenStore &seen)
{
    if (!seen.readers)
        return {};
    pg::Rows const rows = pg::query_kept(
        {"readers",
         "SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END"
         " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL ("
         "   SELECT grantee FROM aclexplode(c.relacl)"
         "   UNION SELECT e.grantee FROM pg_attribute t, aclexplode(t.attacl) e WHERE t.attrelid = c.oid) a"
         " WHERE n.nspname = $1::name AND c.relname = $2::name AND a.grantee <> c.relowner"
         " ORDER BY 1",
         {view.schema, view.name}});
    std::vector<std::string> unwanted;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        std::string role = rows.text(row, 0);
        if (!may_be_reader(role, seen))
            unwanted.push_back(std::move(role));
    }
    return unwanted;
}

} // namespace datasurface::rights
