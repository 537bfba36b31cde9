#include "definition/check_roles.hpp"

#include <optional>

#include "pg/session.hpp"

namespace datasurface::definition {

using model::Severity;

void check_owner(const RightsReport &report, const std::string &owner, const std::string &before,
                 const std::string &pointer)
{
    if (!pg::role_exists(owner))
        report.add(Severity::error, pointer, "unknown_role",
                   {"role \"" + owner + "\" does not exist", "CREATE ROLE, or name another owner."});
    else if (std::optional<rights::Refusal> const refusal = rights::refusal_to_load(report.caller, owner, before))
        report.add(Severity::error, pointer, "not_a_member", *refusal);
}

void check_role(const RightsReport &report, const std::string &role, const std::string &what,
                const std::string &pointer)
{
    pg::check_interrupts();
    if (role == "public")
        report.add(Severity::error, pointer, "unknown_role",
                   {"\"public\" stands for everybody, and cannot be " + what,
                    "Name roles; a role may have many members. Only \"readers\" may be \"public\"."});
    else if (!role.empty() && !pg::role_exists(role))
        report.add(Severity::error, pointer, "unknown_role",
                   {"role \"" + role + "\" does not exist, and cannot be " + what, "CREATE ROLE, or leave it out."});
}

} // namespace datasurface::definition
