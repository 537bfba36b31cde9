#include "pg/table_raising.hpp"

#include <algorithm>
#include <cstring>

#include "pg/boundary.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
}

namespace datasurface::pg {

namespace {

RangeVar *name_of(const sqltext::Qualified &table)
{
    return makeRangeVar(to_server(table.schema), to_server(table.name), -1);
}

Relation open(const sqltext::Qualified &table, LOCKMODE mode)
{
    return relation_openrv(name_of(table), mode);
}

// nullptr when there is none.
Relation try_open(const sqltext::Qualified &table, LOCKMODE mode)
{
    return relation_openrv_extended(name_of(table), mode, true);
}

// Locks them too: rows move to partitions, and their triggers run.
bool children_belong_to(Oid table, Oid role)
{
    ListCell *cell;
    foreach (cell, find_all_inheritors(table, RowExclusiveLock, nullptr)) {
        HeapTuple const tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(lfirst_oid(cell)));
        bool const same =
            HeapTupleIsValid(tuple) && reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner == role;
        if (HeapTupleIsValid(tuple))
            ReleaseSysCache(tuple);
        if (!same)
            return false;
    }
    return true;
}

// A cursor that reads it, or a trigger that waits to look at it, would make TRUNCATE raise.
bool used_by_this_session(Oid table)
{
    Relation const relation = relation_open(table, NoLock);
    int const users = relation->rd_refcnt;
    relation_close(relation, NoLock);
    return users > 1 || AfterTriggerPendingOnRel(table);
}

// A foreign key that refers to the table would make TRUNCATE raise, whether or not a row refers to one of its rows.
bool is_referenced(Oid table)
{
    Relation const relation = relation_open(table, NoLock);
    bool referenced = false;
    const TriggerDesc *const triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers && !referenced; ++i)
        referenced = RI_FKey_trigger_type(triggers->triggers[i].tgfoid) == RI_TRIGGER_PK;
    relation_close(relation, NoLock);
    return referenced;
}

LOCKMODE mode_of(Lock lock)
{
    constexpr LOCKMODE modes[] = {AccessShareLock, ShareUpdateExclusiveLock, ShareLock, AccessExclusiveLock};
    return modes[static_cast<std::size_t>(lock)];
}

// As readers do: the table, then its partitions. Looked for again once the table is locked, for then they stay.
bool try_lock_all(Oid relation, LOCKMODE mode)
{
    if (!ConditionalLockRelationOid(relation, mode))
        return false;
    ListCell *cell;
    foreach (cell, find_all_inheritors(relation, NoLock, nullptr))
        if (lfirst_oid(cell) != relation && !ConditionalLockRelationOid(lfirst_oid(cell), mode))
            return false;
    return true;
}

bool is_column(Form_pg_attribute attribute, const char *name)
{
    return !attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0;
}

// How many of the columns are there, up to the first that is not. They mostly lie in this order, one behind the other.
std::size_t count_found(TupleDesc descriptor, const std::vector<std::string> &columns)
{
    int next = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const char *const name = to_server(columns[i]);
        int tried = 0;
        while (tried < descriptor->natts && !is_column(TupleDescAttr(descriptor, next % descriptor->natts), name)) {
            ++tried;
            ++next;
        }
        if (tried == descriptor->natts)
            return i;
        next = next % descriptor->natts + 1;
    }
    return columns.size();
}

bool is_among(const char *name, const std::vector<std::string> &columns)
{
    return std::any_of(columns.begin(), columns.end(),
                       [name](const std::string &column) { return strcmp(name, to_server(column)) == 0; });
}

bool is_unique_on(Form_pg_index index, TupleDesc descriptor, const std::vector<std::string> &columns)
{
    if (!index->indisunique || index->indisexclusion || !index->indisvalid)
        return false;
    for (int i = 0; i < index->indnkeyatts; ++i) {
        AttrNumber const number = index->indkey.values[i];
        if (number <= 0 || !is_among(NameStr(TupleDescAttr(descriptor, number - 1)->attname), columns))
            return false; // 0: an expression
    }
    return true;
}

bool has_unique_index(Relation relation, const std::vector<std::string> &columns)
{
    bool found = false;
    List *const indexes = RelationGetIndexList(relation);
    ListCell *cell;
    foreach (cell, indexes) {
        HeapTuple const tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
        if (!HeapTupleIsValid(tuple))
            continue;
        bool const partial = !heap_attisnull(tuple, Anum_pg_index_indpred, nullptr);
        found = found || (!partial && is_unique_on(reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple)),
                                                   RelationGetDescr(relation), columns));
        ReleaseSysCache(tuple);
    }
    list_free(indexes);
    return found;
}

bool is_plain_or_partitioned(Relation relation)
{
    return relation->rd_rel->relkind == RELKIND_RELATION || relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
}

} // namespace

Oid find_relation(const sqltext::Qualified &table)
{
    Oid const schema = get_namespace_oid(to_server(table.schema), true);
    return OidIsValid(schema) ? get_relname_relid(to_server(table.name), schema) : InvalidOid;
}

FoundColumns find_columns(const sqltext::Qualified &table, const std::vector<std::string> &columns)
{
    Relation const relation = try_open(table, AccessShareLock);
    if (relation == nullptr)
        return {false, 0};
    std::size_t const count =
        is_plain_or_partitioned(relation) ? count_found(RelationGetDescr(relation), columns) : columns.size();
    relation_close(relation, AccessShareLock);
    return {true, count};
}

bool has_unique_key(const sqltext::Qualified &table, const std::vector<std::string> &columns)
{
    Relation const relation = try_open(table, AccessShareLock);
    if (relation == nullptr)
        return true;
    bool const found = relation->rd_rel->relkind != RELKIND_RELATION || has_unique_index(relation, columns);
    relation_close(relation, AccessShareLock);
    return found;
}

LockedTable lock_table(const sqltext::Qualified &table, Oid role)
{
    Relation const relation = try_open(table, RowExclusiveLock);
    if (relation == nullptr)
        return {false, false, false};
    bool const is_table = is_plain_or_partitioned(relation);
    bool const same = relation->rd_rel->relowner == role;
    bool const parent = relation->rd_rel->relhassubclass;
    Oid const id = RelationGetRelid(relation);
    relation_close(relation, NoLock);
    return {true, is_table, same && (!parent || children_belong_to(id, role))};
}

std::int64_t kilobytes_of(const sqltext::Qualified &table)
{
    Relation const relation = open(table, AccessShareLock);
    std::int64_t const blocks = RelationGetNumberOfBlocks(relation);
    relation_close(relation, NoLock);
    return blocks * (BLCKSZ / 1024);
}

std::int64_t bytes_if_free(Oid relation)
{
    if (!ConditionalLockRelationOid(relation, AccessShareLock))
        return -1;
    Relation const open = RelationIdGetRelation(relation); // none: it was dropped before the lock was taken
    std::int64_t bytes = -1;
    if (RelationIsValid(open)) {
        // on a standby, unlogged tables have no rows and no file for them
        bool const has_file = RelationIsPermanent(open) || !RecoveryInProgress();
        bytes = has_file ? static_cast<std::int64_t>(RelationGetNumberOfBlocks(open)) * BLCKSZ : 0;
        RelationClose(open);
    }
    UnlockRelationOid(relation, AccessShareLock);
    return bytes;
}

bool lock_to_truncate(const sqltext::Qualified &table)
{
    Oid const relation = find_relation(table);
    if (!OidIsValid(relation) || !ConditionalLockRelationOid(relation, AccessExclusiveLock))
        return false;
    // it may have been dropped between the look-up and the lock
    if (find_relation(table) == relation && !used_by_this_session(relation) && !is_referenced(relation))
        return true;
    UnlockRelationOid(relation, AccessExclusiveLock);
    return false;
}

bool lock_if_free(const sqltext::Qualified &relation, Lock lock)
{
    Oid const found = find_relation(relation);
    if (!OidIsValid(found))
        return true;
    // it may have been dropped or renamed between the look-up and the lock
    return try_lock_all(found, mode_of(lock)) && find_relation(relation) == found;
}

void lock_entry(const sqltext::Qualified &catalog, int id)
{
    LockDatabaseObject(find_relation(catalog), static_cast<Oid>(id), 0, ExclusiveLock);
}

} // namespace datasurface::pg
