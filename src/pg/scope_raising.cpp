#include "pg/scope_raising.hpp"

extern "C" {
#include "postgres.h"

#include "miscadmin.h"
#include "utils/guc.h"
}

namespace datasurface::pg {

void set_in_scope(const char *name, const char *value)
{
    (void)set_config_option(name, value, superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
                            false);
}

Scope open_scope()
{
    Scope scope{};
    Oid user = InvalidOid;
    GetUserIdAndSecContext(&user, &scope.security);
    scope.user = user;
    scope.nest_level = NewGUCNestLevel();
    return scope;
}

} // namespace datasurface::pg
