#include "heap/fitness.hpp"

#include "pg/compat.hpp"
#include "shape/names.hpp"

extern "C" {
#include "access/genam.h"
#include "access/tableam.h"
#include "access/tupdesc.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/acl.h"
#include "utils/syscache.h"
}

namespace datasurface::heap {

namespace {

bool has_generated_columns(Relation relation)
{
    TupleDesc const descriptor = RelationGetDescr(relation);
    for (int i = 0; i < descriptor->natts; ++i)
        if (TupleDescAttr(descriptor, i)->attgenerated != '\0')
            return true;
    return false;
}

// Constraints that are checked at the end of the statement or transaction need the executor's queue of triggers, and
// exclusion constraints a search of their own.
const char *unsupported_index(Relation relation)
{
    const char *problem = nullptr;
    List *const indexes = RelationGetIndexList(relation);
    ListCell *cell;
    foreach (cell, indexes) {
        HeapTuple const tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
        if (!HeapTupleIsValid(tuple))
            elog(ERROR, "cache lookup failed for index %u", lfirst_oid(cell));
        auto *const form = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
        if (form->indisunique && !form->indimmediate)
            problem = "has a deferrable unique constraint";
        if (form->indisexclusion)
            problem = "has an exclusion constraint";
        ReleaseSysCache(tuple);
    }
    list_free(indexes);
    return problem;
}

bool owner_may(Relation relation, AclMode rights)
{
    return pg_class_aclmask(RelationGetRelid(relation), GetUserId(), rights, ACLMASK_ALL) == rights;
}

bool starts_with(Relation relation, std::string_view name, AttrNumber number, Oid type)
{
    if (RelationGetDescr(relation)->natts < number)
        return false;
    Form_pg_attribute const attribute = TupleDescAttr(RelationGetDescr(relation), number - 1);
    return !attribute->attisdropped && attribute->attnotnull && attribute->atttypid == type &&
           name == NameStr(attribute->attname);
}

bool index_is_on_key(Relation index, const Tables &tables)
{
    if (index->rd_index->indnkeyatts != tables.key_count)
        return false;
    for (int i = 0; i < tables.key_count; ++i)
        if (index->rd_index->indkey.values[i] != tables.merge.payload[tables.keys[i].column])
            return false;
    return true;
}

} // namespace

const char *unreadable(Relation relation)
{
    if (relation->rd_rel->relkind != RELKIND_RELATION)
        return "is no plain table";
    if (relation->rd_tableam != GetHeapamTableAmRoutine())
        return "has another access method than heap";
    // the name may lead to another table now than when the owner was checked
    if (relation->rd_rel->relowner != GetUserId())
        return "belongs to another role";
    if (relation->rd_rel->relhassubclass)
        return "has tables that inherit from it";
    if (relation->rd_rel->relrowsecurity)
        return "has row security";
    if (relation->rd_rules != nullptr)
        return "has rules";
    if (!owner_may(relation, ACL_SELECT))
        return "may not be read by its owner";
    // virtual columns are not in the row
    if (has_generated_columns(relation))
        return "has generated columns";
    return nullptr;
}

const char *unwritable(Relation relation)
{
    if (const char *const problem = unreadable(relation))
        return problem;
    if (relation->rd_rel->relispartition)
        return "is a partition";
    // before the triggers, as these indexes come with triggers
    if (const char *const problem = unsupported_index(relation))
        return problem;
    if (relation->trigdesc != nullptr)
        return "has triggers";
    if (!owner_may(relation, ACL_INSERT | ACL_UPDATE | ACL_DELETE))
        return "may not be written to by its owner";
    return nullptr;
}

bool begins_with_arrival(Relation relation)
{
    return starts_with(relation, shape::arrival, 1, INT8OID);
}

bool begins_with_milestones(Relation relation)
{
    return starts_with(relation, shape::batch_in, 1, INT4OID) && starts_with(relation, shape::batch_out, 2, INT4OID);
}

int live_columns(Relation relation)
{
    int live = 0;
    for (int i = 0; i < RelationGetDescr(relation)->natts; ++i)
        live += TupleDescAttr(RelationGetDescr(relation), i)->attisdropped ? 0 : 1;
    return live;
}

Oid find_primary_key(const Tables &tables)
{
    Oid found = InvalidOid;
    List *const indexes = RelationGetIndexList(tables.merge.relation);
    ListCell *cell;
    foreach (cell, indexes) {
        Relation const index = index_open(lfirst_oid(cell), RowExclusiveLock);
        if (index->rd_index->indisprimary && index->rd_index->indisvalid && index_is_on_key(index, tables))
            found = RelationGetRelid(index);
        index_close(index, NoLock);
    }
    list_free(indexes);
    return found;
}

} // namespace datasurface::heap
