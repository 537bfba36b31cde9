// The hooks by which PostgreSQL asks before it calls a function.
//
// - OAT_FUNCTION_EXECUTE: functions in expressions, when the executor initializes the expression.
// - needs_fmgr_hook: functions that the server calls itself (triggers, casts that a built-in function looks up, functions of
//   types), when they are looked up; not for built-in functions.
// - fmgr_hook: such functions that are SECURITY DEFINER or have settings of their own, when they are called.
//
// No hook sees two kinds of calls: built-in functions that the planner calls for estimates, and functions of range types and of
// casts for foreign keys that the session has looked up before. So each query is checked before it is planned, and each table that is
// written to is locked and checked before the executor starts.
#include "guard/hooks.hpp"

#include "guard/expression.hpp"
#include "guard/refuse.hpp"
#include "guard/written.hpp"
#include "pg/boundary.hpp"
#include "pg/callers_raising.hpp"
#include "pg/harmless_only.hpp"

extern "C" {
#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "optimizer/planner.h"
#include "parser/parsetree.h"
}

namespace datasurface::guard {

namespace {

object_access_hook_type next_access_hook = nullptr;
needs_fmgr_hook_type next_needs_hook = nullptr;
fmgr_hook_type next_fmgr_hook = nullptr;
planner_hook_type next_planner_hook = nullptr;
ExecutorStart_hook_type next_start_hook = nullptr;

// The role that code which runs now runs as, for the guard.
Oid role_of_code()
{
    return pg::harmless_code_only() ? InvalidOid : GetUserId();
}

// The refusal must not look up a function: that would call this hook again, without end.
void refuse_unless_allowed(Oid function)
{
    if (pg::call_is_under_way())
        refuse_function(function, {role_of_code(), nullptr});
}

void on_access(ObjectAccessType access, Oid catalog, Oid object, int part, void *argument)
{
    if (next_access_hook != nullptr)
        next_access_hook(access, catalog, object, part, argument);
    if (access == OAT_FUNCTION_EXECUTE && catalog == ProcedureRelationId)
        refuse_unless_allowed(object);
}

bool needs_hook(Oid function)
{
    refuse_unless_allowed(function);
    return next_needs_hook != nullptr && next_needs_hook(function);
}

void on_call(FmgrHookEventType event, FmgrInfo *function, Datum *argument)
{
    if (event == FHET_START)
        refuse_unless_allowed(function->fn_oid);
    if (next_fmgr_hook != nullptr)
        next_fmgr_hook(event, function, argument);
}

// True when code that runs now must be checked.
bool is_guarded()
{
    return pg::call_is_under_way() && (pg::harmless_code_only() || !may_run_as(GetUserId()));
}

PlannedStmt *on_plan(Query *query, const char *text, int options, ParamListInfo parameters)
{
    if (is_guarded())
        (pg::harmless_code_only() ? check_conditions : check_expression)(reinterpret_cast<Node *>(query),
                                                                         {role_of_code(), nullptr});
    return next_planner_hook != nullptr ? next_planner_hook(query, text, options, parameters)
                                        : standard_planner(query, text, options, parameters);
}

void on_start(QueryDesc *query, int flags)
{
    ListCell *cell;
    if (query->plannedstmt->resultRelations != NIL && is_guarded())
        foreach (cell, query->plannedstmt->resultRelations)
            check_written(rt_fetch(lfirst_int(cell), query->plannedstmt->rtable)->relid, GetUserId());
    if (next_start_hook != nullptr)
        next_start_hook(query, flags);
    else
        standard_ExecutorStart(query, flags);
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
    next_planner_hook = planner_hook;
    planner_hook = on_plan;
    next_start_hook = ExecutorStart_hook;
    ExecutorStart_hook = on_start;
}

} // namespace datasurface::guard
