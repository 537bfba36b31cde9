#include "pg/constraints_raising.hpp"

#include "pg/encoding_raising.hpp"

extern "C" {
#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_inherits.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
}

namespace datasurface::pg {

namespace {

bool has_deferrable(Oid table)
{
    Relation const relation = relation_open(table, AccessShareLock);
    const TriggerDesc *const triggers = relation->trigdesc;
    bool found = false;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        found = found || triggers->triggers[i].tgdeferrable || OidIsValid(triggers->triggers[i].tgconstrrelid);
    relation_close(relation, NoLock);
    return found;
}

} // namespace

bool may_have_deferrable(const sqltext::Qualified &table)
{
    Relation const relation =
        relation_openrv(makeRangeVar(to_server(table.schema), to_server(table.name), -1), AccessShareLock);
    bool found = false;
    ListCell *cell;
    foreach (cell, find_all_inheritors(RelationGetRelid(relation), AccessShareLock, nullptr))
        found = found || has_deferrable(lfirst_oid(cell));
    relation_close(relation, NoLock);
    return found;
}

} // namespace datasurface::pg
