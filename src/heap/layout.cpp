#include "heap/layout.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
}

namespace datasurface::heap {

namespace {

// Support function 4 of a btree operator class says whether equal values always have equal bytes. Those of the types that
// merge tables are keyed by are known; asking for them by the catalog's words serves all others.
constexpr int equalimage = 4;

bool equal_by_image(const TypeCacheEntry *type, Oid collation)
{
    // blanks at its end do not count, though the operator class calls it equal by image for deduplication
    if (type->type_id == BPCHAROID || getBaseType(type->type_id) == BPCHAROID)
        return false;
    Oid const procedure = get_opfamily_proc(type->btree_opf, type->btree_opintype, type->btree_opintype, equalimage);
    return OidIsValid(procedure) &&
           DatumGetBool(OidFunctionCall1Coll(procedure, collation, ObjectIdGetDatum(type->btree_opintype)));
}

const char *find_key_column(KeyColumn &key, Form_pg_attribute attribute, MemoryContext context)
{
    TypeCacheEntry *const type =
        lookup_type_cache(attribute->atttypid, TYPECACHE_BTREE_OPFAMILY | TYPECACHE_EQ_OPR | TYPECACHE_EQ_OPR_FINFO |
                                                   TYPECACHE_HASH_EXTENDED_PROC | TYPECACHE_HASH_EXTENDED_PROC_FINFO);
    if (!OidIsValid(type->btree_opf) || !OidIsValid(type->eq_opr_finfo.fn_oid))
        return "a key column's type has no equality";
    key.collation = attribute->attcollation;
    key.by_image = equal_by_image(type, key.collation);
    fmgr_info_copy(&key.equal, &type->eq_opr_finfo, context);
    if (key.by_image)
        return nullptr;
    if (!OidIsValid(type->hash_extended_proc))
        return "a key column's type cannot be hashed by its equality";
    fmgr_info_copy(&key.hash, &type->hash_extended_proc_finfo, context);
    return nullptr;
}

const char *find_keys(Tables &tables, const int *columns)
{
    tables.keys = static_cast<KeyColumn *>(palloc0(sizeof(KeyColumn) * tables.key_count));
    for (int i = 0; i < tables.key_count; ++i) {
        KeyColumn &key = tables.keys[i];
        key.column = columns[i];
        Form_pg_attribute const attribute = TupleDescAttr(tables.image, key.column);
        if (const char *const problem = find_key_column(key, attribute, tables.context))
            return problem;
    }
    return nullptr;
}

bool is_in_order(const Table &table, int columns)
{
    for (int i = 0; i < columns; ++i)
        if (table.payload[i] != table.system_columns + 1 + i)
            return false;
    return RelationGetDescr(table.relation)->natts == table.system_columns + columns;
}

bool is_plain(const Table &table, const Table &merge, int columns)
{
    if (table.relation == nullptr || !is_in_order(table, columns))
        return false;
    for (int i = 0; i < columns; ++i) {
        Form_pg_attribute const one = payload_attribute(table, i), other = payload_attribute(merge, i);
        // plain storage keeps long headers where the others have short ones
        if ((one->attstorage == TYPSTORAGE_PLAIN) != (other->attstorage == TYPSTORAGE_PLAIN))
            return false;
    }
    return true;
}

TupleDesc make_image(const Table &merge, int columns)
{
    TupleDesc const image = CreateTemplateTupleDesc(columns);
    for (int i = 0; i < columns; ++i)
        TupleDescCopyEntry(image, static_cast<AttrNumber>(i + 1), RelationGetDescr(merge.relation), merge.payload[i]);
    return image;
}

} // namespace

const char *derive_layout(Tables &tables, const int *key_columns)
{
    tables.image = make_image(tables.merge, tables.columns);
    for (Table *const table : {&tables.staging, &tables.merge, &tables.history})
        table->plain = is_plain(*table, tables.merge, tables.columns);
    return find_keys(tables, key_columns);
}

} // namespace datasurface::heap
