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
#include "nodes/parsenodes.h"
#include "parser/analyze.h"
#include "parser/parsetree.h"
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

Node *parsed_statement(const char *statement)
{
    return linitial_node(RawStmt, raw_parser(statement, RAW_PARSE_DEFAULT))->stmt;
}

// The SELECT in CREATE VIEW, or that of a function's body, as the parser gives it.
Node *query_of(const char *statement)
{
    Node *const parsed = parsed_statement(statement);
    if (IsA(parsed, ViewStmt))
        return reinterpret_cast<ViewStmt *>(parsed)->query;
    return static_cast<Node *>(
        linitial(linitial_node(List, castNode(List, castNode(CreateFunctionStmt, parsed)->sql_body))));
}

Query *analyzed_query_of(const char *statement)
{
    auto *const raw = makeNode(RawStmt);
    raw->stmt = query_of(statement);
    constexpr Oid parameters[] = {INT4OID};
    return parse_analyze_fixedparams(raw, statement, parameters, 1, nullptr);
}

bool is_printed_as(Query *query, const char *statement)
{
    return strcmp(pg_get_querydef(query, false), pg_get_querydef(analyzed_query_of(statement), false)) == 0;
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

// security_barrier is the only option that a statement of ours gives.
bool has_options_of(Relation view, const char *statement)
{
    bool const barrier = castNode(ViewStmt, parsed_statement(statement))->options != NIL;
    return RelationIsSecurityView(view) == barrier && !RelationHasSecurityInvoker(view) &&
           !RelationHasCheckOption(view);
}

const char *compare_view(Relation view, Oid owner, const char *statement)
{
    if (const char *const other = belongs_elsewhere(view->rd_rel->relowner, owner))
        return other;
    if (view->rd_rel->relkind != RELKIND_VIEW)
        return "it is no view";
    if (!has_options_of(view, statement))
        return "its options were changed";
    Query *const query = view_query(view);
    if (!has_columns_of(view, query))
        return "its columns were renamed";
    return is_printed_as(query, statement) ? nullptr : other_query;
}

// The SELECT that gives the view its columns, of several the first.
Query *first_select(Query *query)
{
    if (query->setOperations == nullptr)
        return query;
    Node *first = query->setOperations;
    while (IsA(first, SetOperationStmt))
        first = castNode(SetOperationStmt, first)->larg;
    return rt_fetch(castNode(RangeTblRef, first)->rtindex, query->rtable)->subquery;
}

// The name of the table's column that an output column shows; empty when it shows something else.
const char *shown_column(const Query *select, const TargetEntry *target)
{
    if (!IsA(target->expr, Var))
        return "";
    const auto *const column = reinterpret_cast<const Var *>(target->expr);
    const RangeTblEntry *const table = rt_fetch(column->varno, select->rtable);
    return table->rtekind == RTE_RELATION ? get_attname(table->relid, column->varattno, false) : "";
}

// The condition of a SELECT from one table, as text that names the columns only.
const char *condition_of(Query *select)
{
    if (select->jointree->quals == nullptr || list_length(select->rtable) != 1)
        return "";
    Oid const table = linitial_node(RangeTblEntry, select->rtable)->relid;
    return deparse_expression(select->jointree->quals, deparse_context_for(get_rel_name(table), table), false, false);
}

Shown shown_by(Relation view)
{
    Query *const select = first_select(view_query(view));
    TupleDesc const columns = RelationGetDescr(view);
    Shown shown{columns->natts, nullptr, nullptr, to_utf8(condition_of(select))};
    shown.names = static_cast<const char **>(palloc(sizeof(char *) * static_cast<std::size_t>(columns->natts)));
    shown.columns = static_cast<const char **>(palloc(sizeof(char *) * static_cast<std::size_t>(columns->natts)));
    for (int i = 0; i < columns->natts; ++i) {
        shown.names[i] = to_utf8(pstrdup(NameStr(TupleDescAttr(columns, i)->attname)));
        shown.columns[i] = to_utf8(shown_column(select, list_nth_node(TargetEntry, select->targetList, i)));
    }
    return shown;
}

Oid find_relation(const sqltext::Qualified &name)
{
    Oid const schema = get_namespace_oid(to_server(name.schema), true);
    return OidIsValid(schema) ? get_relname_relid(to_server(name.name), schema) : InvalidOid;
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
    Oid const id = find_relation(name);
    if (!OidIsValid(id))
        return nullptr;
    Relation const view = relation_open(id, AccessShareLock);
    const char *const changes = compare_view(view, owner, statement);
    relation_close(view, NoLock);
    return changes;
}

Shown look_into(const sqltext::Qualified &name)
{
    Oid const id = find_relation(name);
    if (!OidIsValid(id))
        return {0, nullptr, nullptr, ""};
    Relation const view = relation_open(id, AccessShareLock);
    Shown const shown = view->rd_rel->relkind == RELKIND_VIEW ? shown_by(view) : Shown{0, nullptr, nullptr, ""};
    relation_close(view, NoLock);
    return shown;
}

const char *look_at_condition(const sqltext::Qualified &name, const char *statement, Oid)
{
    const char *const wanted = to_utf8(condition_of(first_select(analyzed_query_of(statement))));
    return strcmp(look_into(name).condition, wanted) == 0 ? nullptr : other_query;
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
