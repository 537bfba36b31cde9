#include "guard/harmless.hpp"

#include <algorithm>

#include "guard/harmless_list.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_range.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"
}

namespace datasurface::guard {

namespace {

static_assert(std::is_sorted(std::begin(listed), std::end(listed)));

// Made by initdb. A function that a superuser adds to pg_catalog is not PostgreSQL's own.
bool is_postgresqls_own(const FormData_pg_proc &form)
{
    return form.oid < FirstNormalObjectId && form.pronamespace == PG_CATALOG_NAMESPACE;
}

bool has_argument(const FormData_pg_proc &form, Oid type)
{
    const Oid *const types = form.proargtypes.values;
    return std::find(types, types + form.pronargs, type) != types + form.pronargs;
}

// Functions that the server calls for a type, a foreign-data wrapper or an index method. By them a statement can only read or
// write a value.
bool is_for_the_server(const FormData_pg_proc &form)
{
    if (form.prolang != ClanguageId && form.prolang != INTERNALlanguageId)
        return false;
    for (Oid const type : {INTERNALOID, CSTRINGOID})
        if (form.prorettype == type || has_argument(form, type))
            return true;
    for (Oid const handler : {FDW_HANDLEROID, INDEX_AM_HANDLEROID, TABLE_AM_HANDLEROID, TSM_HANDLEROID})
        if (form.prorettype == handler)
            return true;
    return false;
}

// Triggers of foreign keys and of deferred unique keys, and other triggers of PostgreSQL's own. Only a superuser can create an
// event trigger; the calls in its body are judged when they run.
bool is_trusted_trigger(const FormData_pg_proc &form)
{
    return (form.prorettype == TRIGGEROID && is_postgresqls_own(form)) || form.prorettype == EVENT_TRIGGEROID;
}

// A constructor of a range is PostgreSQL's own code, but belongs to the role that created the range. Otherwise only a superuser
// can create a function of language internal.
bool is_constructor(const FormData_pg_proc &form)
{
    return form.prokind == PROKIND_FUNCTION && form.prolang == INTERNALlanguageId &&
           form.provolatile == PROVOLATILE_IMMUTABLE;
}

bool has_harmless_form(const FormData_pg_proc &form)
{
    if (is_constructor(form))
        return true;
    if (!superuser_arg(form.proowner))
        return false;
    if (form.provolatile == PROVOLATILE_IMMUTABLE || is_for_the_server(form) || is_trusted_trigger(form))
        return true;
    return is_postgresqls_own(form) && std::binary_search(std::begin(listed), std::end(listed), NameStr(form.proname));
}

bool is_harmless_or_none(Oid function)
{
    return !OidIsValid(function) || is_harmless(function);
}

// A range can have a canonical function and a subtype difference function.
bool range_brings_code(Oid range)
{
    HeapTuple const tuple = SearchSysCache1(RANGETYPE, ObjectIdGetDatum(range));
    if (!HeapTupleIsValid(tuple))
        return false;
    auto *const form = reinterpret_cast<Form_pg_range>(GETSTRUCT(tuple));
    bool const harmless = is_harmless_or_none(form->rngcanonical) && is_harmless_or_none(form->rngsubdiff);
    ReleaseSysCache(tuple);
    return !harmless;
}

struct Search {
    Values values;
    List *visited; // a type may contain another many times
};

Oid find_code(Oid type, Search &search);

Oid find_in_row(Oid type, Search &search)
{
    TupleDesc const row = lookup_rowtype_tupdesc_noerror(type, -1, true);
    Oid found = InvalidOid;
    for (int i = 0; row != nullptr && i < row->natts && !OidIsValid(found); ++i)
        if (!TupleDescAttr(row, i)->attisdropped)
            found = find_code(TupleDescAttr(row, i)->atttypid, search);
    if (row != nullptr)
        ReleaseTupleDesc(row);
    return found;
}

Oid find_in_domain(Oid domain, const FormData_pg_type &form, Search &search)
{
    // even without a constraint: it can be added without a lock on the tables that use the domain
    if (search.values == Values::made && !superuser_arg(form.typowner))
        return domain;
    return find_code(form.typbasetype, search);
}

Oid find_in_range(Oid range, Search &search)
{
    return range_brings_code(range) ? range : find_code(get_range_subtype(range), search);
}

Oid find_code(Oid type, Search &search)
{
    check_stack_depth();
    CHECK_FOR_INTERRUPTS();
    if (type < FirstNormalObjectId || list_member_oid(search.visited, type))
        return InvalidOid;
    search.visited = lappend_oid(search.visited, type);
    HeapTuple const tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple))
        return InvalidOid;
    auto const form = *reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple));
    ReleaseSysCache(tuple);
    switch (form.typtype) {
    case TYPTYPE_DOMAIN:
        return find_in_domain(type, form, search);
    case TYPTYPE_RANGE:
        return find_in_range(type, search);
    case TYPTYPE_MULTIRANGE:
        return find_in_range(get_multirange_range(type), search);
    case TYPTYPE_COMPOSITE:
        return find_in_row(type, search);
    default:
        return find_code(form.typelem, search);
    }
}

} // namespace

bool is_harmless(Oid function)
{
    HeapTuple const tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple))
        return false;
    bool const harmless = has_harmless_form(*reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple)));
    ReleaseSysCache(tuple);
    return harmless;
}

Oid type_with_code(Oid type, Values values)
{
    Search search{values, NIL};
    Oid const found = find_code(type, search);
    list_free(search.visited);
    return found;
}

} // namespace datasurface::guard
