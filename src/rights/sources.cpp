#include "rights/sources.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/extension.hpp"
#include "pg/session.hpp"

namespace datasurface::rights {

void require_to_test(const std::string &caller, const model::Source &source)
{
    if (pg::is_superuser(caller) || pg::can_act_for(caller, source.owner) ||
        pg::can_act_for(caller, pg::extension_owner_name()))
        return;
    throw Error(sqlstate::insufficient_privilege, "role \"" + caller + "\" may not test source \"" + source.name + "\"",
                "It is not a member of role \"" + source.owner + "\", which owns the source.",
                "Ask a member of the owner.");
}

bool needs_password(const std::string &owner)
{
    return !pg::is_superuser(owner);
}

} // namespace datasurface::rights
