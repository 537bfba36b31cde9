// What differs between major versions of PostgreSQL. Each function has the name of the newest core function that it stands for. Only
// this file names PG_VERSION_NUM.
#pragma once

extern "C" {
#include "postgres.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "catalog/dependency.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "parser/parser.h"
#include "rewrite/rewriteHandler.h"
#include "rewrite/rewriteManip.h"
#include "storage/buffile.h"
#include "utils/acl.h"
#include "utils/backend_status.h"
#include "utils/guc_tables.h"
#include "utils/tuplesort.h"
}

namespace datasurface::pg {

// 16 tells being a member from being allowed to become the role; before, the one was the other.
inline bool member_can_set_role(Oid member, Oid role)
{
#if PG_VERSION_NUM >= 160000
    return ::member_can_set_role(member, role);
#else
    return is_member_of_role(member, role);
#endif
}

// 16 turned missing_ok into an error context; without either, every major raises for what is no type, in the same words.
inline void parse_type_string(const char *name, Oid *type, int32 *modifier)
{
#if PG_VERSION_NUM >= 160000
    (void)parseTypeString(name, type, modifier, nullptr);
#else
    parseTypeString(name, type, modifier, false);
#endif
}

// 16 took the function pointer's (void) arguments away; C++ wants the exact type of each major.
using TreeWalker = bool (*)(Node *, void *);

inline auto tree_walker(TreeWalker walker)
{
#if PG_VERSION_NUM >= 160000
    return walker;
#else
    return reinterpret_cast<bool (*)()>(reinterpret_cast<void *>(walker));
#endif
}

inline bool walk_raw_expression(Node *node, TreeWalker walker, void *context)
{
    return raw_expression_tree_walker(node, tree_walker(walker), context);
}

inline bool walk_query_or_expression(Node *node, TreeWalker walker, void *context)
{
    return IsA(node, Query) ? query_tree_walker(reinterpret_cast<Query *>(node), tree_walker(walker), context, 0)
                            : expression_tree_walker(node, tree_walker(walker), context);
}

// The query of a view, to be changed at will. 16 no longer keeps OLD and NEW in front of the tables that it reads.
inline Query *view_query(Relation view)
{
    auto *const query = static_cast<Query *>(copyObjectImpl(get_view_query(view)));
#if PG_VERSION_NUM < 160000
    query->rtable = list_delete_first_n(query->rtable, 2);
    OffsetVarNodes(reinterpret_cast<Node *>(query), -2, 0);
#endif
    return query;
}

// 16 made what is written const.
inline void buffile_write(BufFile *file, const void *data, size_t bytes)
{
#if PG_VERSION_NUM >= 160000
    BufFileWrite(file, data, bytes);
#else
    BufFileWrite(file, const_cast<void *>(data), bytes);
#endif
}

// 16 lets the caller keep the value without a copy.
inline bool tuplesort_getdatum(Tuplesortstate *sort, Datum *value, bool *null)
{
#if PG_VERSION_NUM >= 160000
    return ::tuplesort_getdatum(sort, true, false, value, null, nullptr);
#else
    return ::tuplesort_getdatum(sort, true, value, null, nullptr);
#endif
}

// 17 takes the table itself.
inline Oid getIdentitySequence(Relation table, AttrNumber column, bool missing_ok)
{
#if PG_VERSION_NUM >= 170000
    return ::getIdentitySequence(table, column, missing_ok);
#else
    return ::getIdentitySequence(RelationGetRelid(table), column, missing_ok);
#endif
}

// 18 counts what an index scan does.
inline IndexScanDesc index_beginscan(Relation table, Relation index, ::Snapshot snapshot, int keys)
{
#if PG_VERSION_NUM >= 180000
    return ::index_beginscan(table, index, snapshot, nullptr, keys, 0);
#else
    return ::index_beginscan(table, index, snapshot, keys, 0);
#endif
}

// 16 tells apart which indexes an update needs: none (it was HOT), all, or those that only summarize, such as BRIN.
enum class IndexesToUpdate { none, all, summarizing };

inline TM_Result table_tuple_update(Relation relation, ItemPointer tid, TupleTableSlot *slot, CommandId command,
                                    ::Snapshot snapshot, TM_FailureData *failure, IndexesToUpdate *indexes)
{
    LockTupleMode mode;
#if PG_VERSION_NUM >= 160000
    TU_UpdateIndexes wanted = TU_None;
    TM_Result const result =
        ::table_tuple_update(relation, tid, slot, command, snapshot, nullptr, true, failure, &mode, &wanted);
    *indexes = wanted == TU_None          ? IndexesToUpdate::none
               : wanted == TU_Summarizing ? IndexesToUpdate::summarizing
                                          : IndexesToUpdate::all;
#else
    bool wanted = false;
    TM_Result const result =
        ::table_tuple_update(relation, tid, slot, command, snapshot, nullptr, true, failure, &mode, &wanted);
    *indexes = wanted ? IndexesToUpdate::all : IndexesToUpdate::none;
#endif
    return result;
}

// With arbiters, a row whose key one of these indexes has already sets *conflict and raises nothing.
inline void insert_index_tuples(ResultRelInfo *info, TupleTableSlot *slot, EState *state, bool update,
                                bool only_summarizing, List *arbiters, bool *conflict)
{
#if PG_VERSION_NUM >= 160000
    list_free(ExecInsertIndexTuples(info, slot, state, update, arbiters != NIL, conflict, arbiters, only_summarizing));
#else
    (void)only_summarizing;
    list_free(ExecInsertIndexTuples(info, slot, state, update, arbiters != NIL, conflict, arbiters));
#endif
}

// 16 has two functions: one finds an entry by its index, the other by its backend.
inline LocalPgBackendStatus *pgstat_get_local_beentry_by_index(int index)
{
#if PG_VERSION_NUM >= 160000
    return ::pgstat_get_local_beentry_by_index(index);
#else
    return pgstat_fetch_stat_local_beentry(index);
#endif
}

// 16 finds a setting by its name; earlier versions need a search through all settings. nullptr: there is none.
inline config_generic *find_option(const char *name)
{
#if PG_VERSION_NUM >= 160000
    return ::find_option(name, false, true, 0);
#else
    config_generic **const all = get_guc_variables();
    for (int i = 0; i < GetNumConfigOptions(); ++i)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return nullptr;
#endif
}

} // namespace datasurface::pg
