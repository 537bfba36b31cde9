#include "rights/plan.hpp"

namespace datasurface::rights {

bool may(Act act, const Standing &who)
{
    if (act == Act::load)
        return who.superuser || who.can_become_owner;
    if (act == Act::decide_held && who.release_is_named)
        return who.superuser || who.may_release;
    if (who.superuser || who.extension_owner || who.store_owner)
        return true;
    switch (act) {
    case Act::run_batches:
    case Act::decide_held:
    case Act::read_errors:
        return who.is_operator;
    case Act::reconcile_workspace:
        return who.workspace_owner;
    case Act::reconcile_store:
    case Act::load:
        return false;
    }
    return false;
}

std::optional<SchemaProblem> schema_problem(const SchemaFacts &facts)
{
    if (facts.exists)
        return facts.owner_may_create_in_it ? std::nullopt : std::optional(SchemaProblem::others);
    // "$user" in a search_path finds it
    if (facts.is_named_like_a_role)
        return SchemaProblem::named_like_a_role;
    if (!facts.owner_may_create_it && !facts.loader_may_create_it)
        return SchemaProblem::may_not_create;
    return std::nullopt;
}

bool may_read(const ReadingFacts &facts)
{
    return facts.names_consumers ? facts.is_named : facts.owner_is_member;
}

std::optional<UseProblem> use_problem(model::CredentialKind kind, const UsingFacts &facts)
{
    bool const in_files = kind == model::CredentialKind::files;
    if (!in_files && !facts.has_server)
        return UseProblem::no_server;
    // of superusers too: it keeps a password from going elsewhere
    if (!facts.is_for_place)
        return UseProblem::other_place;
    if (in_files)
        return facts.is_superuser || facts.is_named ? std::nullopt : std::optional(UseProblem::not_named);
    if (!facts.is_superuser && !facts.may_use_server)
        return UseProblem::may_not_use_server;
    return facts.has_mapping ? std::nullopt : std::optional(UseProblem::no_mapping);
}

} // namespace datasurface::rights
