// Where PostgreSQL asks before it calls a function.
//
// Functions in expressions come by OAT_FUNCTION_EXECUTE when an expression is made ready. Those that the server calls by
// itself (triggers, casts that a built-in function looks up, functions of types) come by needs_fmgr_hook when they are looked up, unless
// they are built in; but those with SECURITY DEFINER or settings of their own only by fmgr_hook, when they are called.
#include "guard/guard.hpp"

#include "guard/refuse.hpp"
#include "pg/boundary.hpp"
#include "pg/callers.hpp"

extern "C" {
#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "fmgr.h"
}

namespace datasurface::guard {

namespace {

object_access_hook_type next_access_hook = nullptr;
needs_fmgr_hook_type next_needs_hook = nullptr;
fmgr_hook_type next_fmgr_hook = nullptr;

// What is refused looks up no function, or this would come back here without end.
void ask(Oid function)
{
    if (pg::call_is_under_way())
        refuse_function(function, {GetUserId(), nullptr});
}

void on_access(ObjectAccessType access, Oid catalog, Oid object, int part, void *argument)
{
    if (next_access_hook != nullptr)
        next_access_hook(access, catalog, object, part, argument);
    if (access == OAT_FUNCTION_EXECUTE && catalog == ProcedureRelationId)
        ask(object);
}

bool needs_hook(Oid function)
{
    ask(function);
    return next_needs_hook != nullptr && next_needs_hook(function);
}

void on_call(FmgrHookEventType event, FmgrInfo *function, Datum *argument)
{
    if (event == FHET_START)
        ask(function->fn_oid);
    if (next_fmgr_hook != nullptr)
        next_fmgr_hook(event, function, argument);
}

} // namespace

void install()
{
    next_access_hook = object_access_hook;
    object_access_hook = on_access;
    next_needs_hook = needs_fmgr_hook;
    needs_fmgr_hook = needs_hook;
    next_fmgr_hook = fmgr_hook;
    fmgr_hook = on_call;
}

} // namespace datasurface::guard
