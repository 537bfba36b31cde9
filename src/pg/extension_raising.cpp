#include "pg/extension_raising.hpp"

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
}

namespace datasurface::pg {

Installed read_installed()
{
    Installed installed{InvalidOid, ""};
    Relation const extensions = table_open(ExtensionRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum("datasurface"));
    SysScanDesc const scan = systable_beginscan(extensions, ExtensionNameIndexId, true, nullptr, 1, &key);
    HeapTuple const tuple = systable_getnext(scan);
    if (HeapTupleIsValid(tuple)) {
        bool null = false;
        Datum const version = heap_getattr(tuple, Anum_pg_extension_extversion, RelationGetDescr(extensions), &null);
        installed.owner = reinterpret_cast<Form_pg_extension>(GETSTRUCT(tuple))->extowner;
        installed.version = null ? "" : TextDatumGetCString(version);
    }
    systable_endscan(scan);
    table_close(extensions, AccessShareLock);
    return installed;
}

} // namespace datasurface::pg
