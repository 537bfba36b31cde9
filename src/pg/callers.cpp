#include "pg/callers.hpp"

#include "pg/boundary.hpp"
#include "pg/callers_raising.hpp"

namespace datasurface::pg {

void begin_call()
{
    call(push_call);
}

void end_call()
{
    call(pop_call);
}

std::string calling_role()
{
    return call([] { return to_utf8(GetUserNameFromId(calling_user(), false)); });
}

} // namespace datasurface::pg
