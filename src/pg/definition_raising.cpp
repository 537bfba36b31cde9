#include "pg/definition_raising.hpp"

#include <cstring>

#include "pg/boundary.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "parser/analyze.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"
}

namespace datasurface::pg {

namespace {

const char *belongs_elsewhere(Oid role, Oid owner)
{
    return role == owner ? nullptr : psprintf("it belongs to role \"%s\"", GetUserNameFromId(role, true));
}

// The SELECT in CREATE VIEW, or that of a function's body, as the parser gives it.
Node *query_of(const char *statement)
{
    Node *const parsed = linitial_node(RawStmt, raw_parser(statement, RAW_PARSE_DEFAULT))->stmt;
    if (IsA(parsed, ViewStmt))
        return reinterpret_cast<ViewStmt *>(parsed)->query;
    return static_cast<Node *>(
        linitial(linitial_node(List, castNode(List, castNode(CreateFunctionStmt, parsed)->sql_body))));
}

const char *printed_query_of(const char *statement)
{
    auto *const raw = makeNode(RawStmt);
    raw->stmt = query_of(statement);
    constexpr Oid parameters[] = {INT4OID};
    return pg_get_querydef(parse_analyze_fixedparams(raw, statement, parameters, 1, nullptr), false);
}

bool is_printed_as(Query *query, const char *statement)
{
    return strcmp(pg_get_querydef(query, false), printed_query_of(statement)) == 0;
}

// ALTER VIEW ... RENAME COLUMN changes the names outside, and leaves the query as it is.
bool has_columns_of(Relation view, Query *query)
{
    for (int i = 0; i < RelationGetNumberOfAttributes(view); ++i) {
        const auto *const target = list_nth_node(TargetEntry, query->targetList, i);
        if (strcmp(target->resname, NameStr(TupleDescAttr(RelationGetDescr(view), i)->attname)) != 0)
            return false;
    }
    return true;
}

const char *compare_view(Relation view, Oid owner, const char *statement)
{
    if (const char *const other = belongs_elsewhere(view->rd_rel->relowner, owner))
        return other;
    if (view->rd_rel->relkind != RELKIND_VIEW)
        return "it is no view";
    if (view->rd_options != nullptr)
        return "it was given options";
    Query *const query = view_query(view);
    if (!has_columns_of(view, query))
        return "its columns were renamed";
    return is_printed_as(query, statement) ? nullptr : other_query;
}

bool is_plain(const FormData_pg_proc &form, HeapTuple tuple)
{
    bool unset = false;
    (void)SysCacheGetAttr(PROCNAMEARGSNSP, tuple, Anum_pg_proc_proconfig, &unset);
    return unset && !form.prosecdef && form.prolang == SQLlanguageId;
}

const char *compare_body(HeapTuple tuple, const char *statement)
{
    bool null = false;
    Datum const body = SysCacheGetAttr(PROCNAMEARGSNSP, tuple, Anum_pg_proc_prosqlbody, &null);
    if (null)
        return other_query;
    auto *const node = static_cast<Node *>(stringToNode(TextDatumGetCString(body)));
    List *const queries = IsA(node, List) ? linitial_node(List, castNode(List, node)) : list_make1(node);
    bool const same = list_length(queries) == 1 && is_printed_as(linitial_node(Query, queries), statement);
    return same ? nullptr : other_query;
}

const char *compare_function(HeapTuple tuple, Oid owner, const char *statement)
{
    const auto &form = *reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple));
    if (const char *const other = belongs_elsewhere(form.proowner, owner))
        return other;
    if (!is_plain(form, tuple))
        return "it was given another language, settings or SECURITY DEFINER";
    return compare_body(tuple, statement);
}

} // namespace

const char *look_at_view(const sqltext::Qualified &name, const char *statement, Oid owner)
{
    Oid const schema = get_namespace_oid(to_server(name.schema), true);
    Oid const id = OidIsValid(schema) ? get_relname_relid(to_server(name.name), schema) : InvalidOid;
    if (!OidIsValid(id))
        return nullptr;
    Relation const view = relation_open(id, AccessShareLock);
    const char *const changes = compare_view(view, owner, statement);
    relation_close(view, NoLock);
    return changes;
}

const char *look_at_function(const sqltext::Qualified &name, const char *statement, Oid owner)
{
    constexpr Oid arguments[] = {INT4OID};
    Oid const schema = get_namespace_oid(to_server(name.schema), true);
    HeapTuple const tuple = SearchSysCache3(PROCNAMEARGSNSP, CStringGetDatum(to_server(name.name)),
                                            PointerGetDatum(buildoidvector(arguments, 1)), ObjectIdGetDatum(schema));
    if (!HeapTupleIsValid(tuple))
        return nullptr;
    const char *const changes = compare_function(tuple, owner, statement);
    ReleaseSysCache(tuple);
    return changes;
}

} // namespace datasurface::pg
