#include "rights/credentials.hpp"

#include <algorithm>

#include "pg/extension.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"

namespace datasurface::rights {

namespace {

using model::CredentialKind;

// Servers that the owner knows: USAGE, a mapping, and its place. pg_user_mappings shows everybody who has one.
constexpr char server_facts[] =
    "SELECT has_server_privilege($1::name, s.oid, 'USAGE'),"
    " EXISTS (SELECT FROM pg_user_mappings m WHERE m.srvid = s.oid AND (m.umuser = 0 OR m.usename = $1::name)),"
    " concat_ws(', ', CASE WHEN coalesce(o.host, '') <> $3 THEN 'host' END,"
    "  CASE WHEN coalesce(o.hostaddr, '') <> $4 THEN 'hostaddr' END,"
    "  CASE WHEN coalesce(o.port, '5432') <> $5 THEN 'port' END, CASE WHEN coalesce(o.dbname, '') <> $6 THEN 'dbname' END)"
    " FROM pg_foreign_server s, LATERAL (SELECT max(option_value) FILTER (WHERE option_name = 'host') AS host,"
    "   max(option_value) FILTER (WHERE option_name = 'hostaddr') AS hostaddr,"
    "   max(option_value) FILTER (WHERE option_name = 'port') AS port,"
    "   max(option_value) FILTER (WHERE option_name = 'dbname') AS dbname"
    "   FROM pg_options_to_table(s.srvoptions)) o"
    " WHERE s.srvname = $2::name";

struct Found : UsingFacts {
    std::string others; // options of the foreign server that the source has otherwise
};

Found facts_of(const std::string &owner, const model::Source &source, const model::Credential &credential)
{
    Found facts;
    facts.is_superuser = pg::is_superuser(owner);
    if (credential.kind == CredentialKind::files) {
        const std::vector<model::Place> &places = credential.sources;
        facts.is_for_place = std::find(places.begin(), places.end(), source) != places.end();
        facts.is_named = std::any_of(credential.roles.begin(), credential.roles.end(),
                                     [&](const std::string &role) { return pg::can_act_for(owner, role); });
        return facts;
    }
    pg::Rows const rows = pg::query_kept(
        {"server_facts",
         server_facts,
         {owner, credential.server, source.host, source.hostaddr, std::to_string(source.port), source.database}});
    facts.has_server = !rows.empty();
    if (rows.empty())
        return facts;
    facts.may_use_server = rows.boolean(0, 0);
    facts.has_mapping = rows.boolean(0, 1);
    facts.others = rows.text(0, 2);
    facts.is_for_place = facts.others.empty();
    return facts;
}

Refusal explain(UseProblem problem, const Found &facts, const std::string &owner, const model::Source &source,
                const model::Credential &credential)
{
    std::string const name = "credential \"" + credential.name + "\"";
    std::string const server = "foreign server \"" + credential.server + "\"";
    switch (problem) {
    case UseProblem::no_server:
        return {server + " of " + name + " does not exist",
                "Create it with the host, port and dbname of source \"" + source.name + "\"."};
    case UseProblem::other_place:
        if (credential.kind == CredentialKind::files)
            return {name + " is not for the host, port and database of source \"" + source.name + "\"",
                    "The owner of the extension may add them to the \"sources\" of the credential."};
        return {server + " of " + name + " has another " + facts.others + " than source \"" + source.name + "\"",
                "The password of a user mapping is sent to its own server only. Write the same in both."};
    case UseProblem::not_named:
        return {"role \"" + owner + "\" may not use " + name + ": it is a member of none of its \"roles\"",
                "The owner of the extension may add the role."};
    case UseProblem::may_not_use_server:
        return {"role \"" + owner + "\" may not use " + name + ": it has no USAGE on " + server,
                "GRANT USAGE ON FOREIGN SERVER to that role."};
    case UseProblem::no_mapping:
        break;
    }
    return {"role \"" + owner + "\" may not use " + name + ": it has no user mapping for " + server,
            "CREATE USER MAPPING FOR that role, with user and password."};
}

} // namespace

std::string owner_of_credential(const model::Credential &credential)
{
    return credential.owner.empty() ? pg::extension_owner_name() : credential.owner;
}

std::optional<Refusal> refusal_to_use(const std::string &owner, const model::Source &source,
                                      const model::Credential &credential)
{
    Found const facts = facts_of(owner, source, credential);
    if (std::optional<UseProblem> const problem = use_problem(credential.kind, facts))
        return explain(*problem, facts, owner, source, credential);
    return std::nullopt;
}

std::optional<Refusal> refusal_of_place(const model::Source &source, const model::Credential &credential)
{
    std::string const any_role = pg::extension_owner_name();
    Found facts = facts_of(any_role, source, credential);
    facts.is_named = facts.may_use_server = facts.has_mapping = true;
    if (std::optional<UseProblem> const problem = use_problem(credential.kind, facts))
        return explain(*problem, facts, any_role, source, credential);
    return std::nullopt;
}

} // namespace datasurface::rights
