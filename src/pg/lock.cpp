#include "pg/lock.hpp"

#include "pg/boundary.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
}

namespace datasurface::pg {

bool try_lock_exclusively(const sqltext::Qualified &table)
{
    return call([&] {
        Oid const schema = get_namespace_oid(to_server(table.schema), true);
        Oid const relation = OidIsValid(schema) ? get_relname_relid(to_server(table.name), schema) : InvalidOid;
        if (!OidIsValid(relation) || !ConditionalLockRelationOid(relation, AccessExclusiveLock))
            return false;
        // it may have been dropped between the look-up and the lock
        if (get_relname_relid(to_server(table.name), schema) == relation)
            return true;
        UnlockRelationOid(relation, AccessExclusiveLock);
        return false;
    });
}

} // namespace datasurface::pg
