#include "guard/refuse.hpp"

#include "guard/harmless.hpp"
#include "pg/boundary.hpp"
#include "pg/callers_raising.hpp"
#include "pg/savepoint.hpp"
#include "pg/settings.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/varlena.h"
}

namespace datasurface::guard {

namespace {

bool is_trusted(Oid role)
{
    bool trusted = false;
    List *names = NIL;
    char *const list = pstrdup(pg::settings::trusted_owners());
    if (SplitIdentifierString(list, ',', &names)) {
        ListCell *cell;
        foreach (cell, names)
            trusted = trusted || get_role_oid(static_cast<char *>(lfirst(cell)), true) == role;
    }
    list_free(names);
    pfree(list);
    return trusted;
}

const char *name_of(Oid role)
{
    const char *const name = GetUserNameFromId(role, true);
    return name != nullptr ? name : "(dropped)";
}

const char *describe(const Place &place)
{
    if (place.table == nullptr)
        return place.what;
    const char *const table = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(place.table)),
                                                         RelationGetRelationName(place.table));
    return place.name == nullptr ? psprintf("%s of table %s", place.what, table)
                                 : psprintf("%s %s of table %s", place.what, quote_identifier(place.name), table);
}

[[noreturn]] void refuse(const char *what, Oid role, const Place &found)
{
    const char *const owner = name_of(role);
    const char *const user = name_of(pg::user_with_more_rights(role));
    const char *const place = found.what == nullptr ? "" : psprintf("It is called by %s. ", describe(found));
    ereport_domain(
        ERROR, pg::refusal_domain,
        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg_internal("%s must not run in this session", what),
         errdetail_internal(
             "%sIt would run as role \"%s\" in a session of role \"%s\", which has rights that role \"%s\" lacks.",
             place, owner, user, owner),
         errhint("Connect as role \"%s\" for this call, or have a superuser add that role to "
                 "datasurface.trusted_owners.",
                 owner)));
    pg_unreachable();
}

[[noreturn]] void refuse_in_other_sessions(const char *what, const Place &found)
{
    ereport_domain(ERROR, pg::refusal_domain,
                   (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                    errmsg_internal("%s must not run in the session of a reader", what),
                    found.what == nullptr
                        ? 0
                        : errdetail_internal("It is called by %s, as whoever reads.", describe(found)),
                    errhint("Use PostgreSQL's own operators and functions, or immutable functions of a superuser.")));
    pg_unreachable();
}

// A function with SECURITY DEFINER runs as its owner.
Oid role_of(Oid function, Oid role)
{
    HeapTuple const tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple))
        return role;
    auto *const form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple));
    Oid const runs_as = form->prosecdef ? form->proowner : role;
    ReleaseSysCache(tuple);
    return runs_as;
}

} // namespace

bool may_run_as(Oid role)
{
    return !OidIsValid(pg::user_with_more_rights(role)) || is_trusted(role);
}

void refuse_function(Oid function, const Place &place)
{
    if (is_harmless(function))
        return;
    if (!OidIsValid(place.role))
        refuse_in_other_sessions(psprintf("function %s", format_procedure_qualified(function)), place);
    Oid const runs_as = role_of(function, place.role);
    if (!may_run_as(runs_as))
        refuse(psprintf("function %s", format_procedure_qualified(function)), runs_as, place);
}

void refuse_type(Oid type, const Place &place)
{
    if (!OidIsValid(type))
        return;
    if (!OidIsValid(place.role))
        refuse_in_other_sessions(psprintf("code of type %s", format_type_be_qualified(type)), place);
    if (!may_run_as(place.role))
        refuse(psprintf("code of type %s", format_type_be_qualified(type)), place.role, place);
}

} // namespace datasurface::guard
