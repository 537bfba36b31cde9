#include "pg/table.hpp"

#include "pg/boundary.hpp"

extern "C" {
#include "access/relation.h"
#include "catalog/namespace.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
}

namespace datasurface::pg {

namespace {

Oid find(const sqltext::Qualified &table)
{
    Oid const schema = get_namespace_oid(to_server(table.schema), true);
    return OidIsValid(schema) ? get_relname_relid(to_server(table.name), schema) : InvalidOid;
}

} // namespace

std::int64_t kilobytes(const sqltext::Qualified &table)
{
    return call([&] {
        Relation const relation = relation_open(find(table), NoLock);
        std::int64_t const blocks = RelationGetNumberOfBlocks(relation);
        relation_close(relation, NoLock);
        return blocks * (BLCKSZ / 1024);
    });
}

bool try_lock_exclusively(const sqltext::Qualified &table)
{
    return call([&] {
        Oid const relation = find(table);
        if (!OidIsValid(relation) || !ConditionalLockRelationOid(relation, AccessExclusiveLock))
            return false;
        // it may have been dropped between the look-up and the lock
        if (find(table) == relation)
            return true;
        UnlockRelationOid(relation, AccessExclusiveLock);
        return false;
    });
}

} // namespace datasurface::pg
