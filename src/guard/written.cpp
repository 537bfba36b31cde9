#include "guard/written.hpp"

#include "guard/harmless.hpp"
#include "guard/refuse.hpp"

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/indexing.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/relcache.h"
}

namespace datasurface::guard {

void check_ranges(Relation relation, Oid role)
{
    TupleDesc const columns = RelationGetDescr(relation);
    for (int i = 0; i < columns->natts; ++i) {
        Form_pg_attribute const column = TupleDescAttr(columns, i);
        if (!column->attisdropped)
            refuse_type(type_with_code(column->atttypid, Values::read),
                        {role, "column", NameStr(column->attname), relation});
    }
}

namespace {

// An index on an expression may have types that the table does not have.
void check_index_ranges(Relation relation, Oid role)
{
    ListCell *cell;
    foreach (cell, RelationGetIndexList(relation)) {
        Relation const index = relation_open(lfirst_oid(cell), AccessShareLock);
        check_ranges(index, role);
        relation_close(index, AccessShareLock);
    }
}

void check_casts_of(Oid type, const Place &place)
{
    Relation const casts = table_open(CastRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_cast_castsource, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(type));
    SysScanDesc const scan = systable_beginscan(casts, CastSourceTargetIndexId, true, nullptr, 1, &key);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan))) {
        auto *const form = reinterpret_cast<Form_pg_cast>(GETSTRUCT(tuple));
        if (form->castcontext == COERCION_CODE_IMPLICIT && OidIsValid(form->castfunc))
            refuse_function(form->castfunc, place);
    }
    systable_endscan(scan);
    table_close(casts, AccessShareLock);
}

bool has_foreign_keys(Relation relation)
{
    const TriggerDesc *const triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        if (OidIsValid(triggers->triggers[i].tgconstrrelid))
            return true;
    return false;
}

void check_casts(Relation relation, const Place &place)
{
    TupleDesc const columns = RelationGetDescr(relation);
    for (int i = 0; i < columns->natts; ++i) {
        Oid const type = TupleDescAttr(columns, i)->atttypid;
        if (!TupleDescAttr(columns, i)->attisdropped && type >= FirstNormalObjectId)
            check_casts_of(type, place);
    }
}

} // namespace

void check_written(Oid table, Oid role)
{
    ListCell *cell;
    // the lock of the write itself, so nobody can add an index meanwhile
    foreach (cell, find_all_inheritors(table, RowExclusiveLock, nullptr)) {
        Relation const relation = relation_open(lfirst_oid(cell), NoLock);
        check_ranges(relation, role);
        if (relation->rd_rel->relhasindex)
            check_index_ranges(relation, role);
        if (has_foreign_keys(relation))
            check_casts(relation, {role, "a foreign key", nullptr, relation});
        relation_close(relation, NoLock);
    }
}

} // namespace datasurface::guard
