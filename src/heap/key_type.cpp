#include "heap/key_type.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
}

namespace datasurface::heap {

namespace {

using By = KeyType::By;

constexpr const char *no_hash = "has a type that cannot be hashed by its equality";

// Support function 4 of a btree operator class says whether equal values always have equal bytes.
constexpr int equalimage = 4;

bool equal_by_image(const TypeCacheEntry *type, Oid collation)
{
    // bpchar ignores blanks at the end, though its operator class says equalimage, for deduplication. interval: PostgreSQL 15.0 to
    // 15.4 say equalimage by mistake, and the catalog of a cluster that they made still does.
    if (type->btree_opintype == BPCHAROID || type->btree_opintype == INTERVALOID)
        return false;
    Oid const procedure = get_opfamily_proc(type->btree_opf, type->btree_opintype, type->btree_opintype, equalimage);
    return OidIsValid(procedure) &&
           DatumGetBool(OidFunctionCall1Coll(procedure, collation, ObjectIdGetDatum(type->btree_opintype)));
}

By by_equality(const TypeCacheEntry *type)
{
    switch (type->eq_opr_finfo.fn_oid) {
    case F_NUMERIC_EQ:
        return By::numeric;
    case F_INTERVAL_EQ:
        return By::interval;
    case F_JSONB_EQ:
        return By::jsonb;
    case F_ARRAY_EQ:
        return By::array;
    case F_RECORD_EQ:
        return By::record;
    case F_RANGE_EQ:
        return By::range;
    case F_MULTIRANGE_EQ:
        return By::multirange;
    default:
        return By::hash;
    }
}

const char *find_hash(KeyType &found, Oid type, MemoryContext context)
{
    TypeCacheEntry *const entry =
        lookup_type_cache(type, TYPECACHE_HASH_EXTENDED_PROC | TYPECACHE_HASH_EXTENDED_PROC_FINFO);
    if (!OidIsValid(entry->hash_extended_proc))
        return no_hash;
    fmgr_info_copy(&found.hash, &entry->hash_extended_proc_finfo, context);
    return nullptr;
}

KeyType *make_parts(int count, MemoryContext context)
{
    return static_cast<KeyType *>(MemoryContextAllocZero(context, sizeof(KeyType) * Max(count, 1)));
}

const char *find_element(KeyType &found, MemoryContext context)
{
    found.parts = make_parts(1, context);
    return find_key_type(*found.parts, get_base_element_type(found.type), found.collation, context);
}

const char *find_attributes(KeyType &found, MemoryContext context)
{
    TupleDesc const cached = lookup_rowtype_tupdesc(found.type, -1);
    MemoryContext const old = MemoryContextSwitchTo(context);
    found.row = CreateTupleDescCopy(cached);
    MemoryContextSwitchTo(old);
    ReleaseTupleDesc(cached);
    found.parts = make_parts(found.row->natts, context);
    for (int i = 0; i < found.row->natts; ++i) {
        Form_pg_attribute const attribute = TupleDescAttr(found.row, i);
        if (attribute->attisdropped)
            continue;
        if (const char *const problem =
                find_key_type(found.parts[i], attribute->atttypid, attribute->attcollation, context))
            return problem;
    }
    return nullptr;
}

const char *find_bounds(KeyType &found, MemoryContext context)
{
    found.range = found.by == By::range ? lookup_type_cache(found.type, TYPECACHE_RANGE_INFO)
                                        : lookup_type_cache(found.type, TYPECACHE_MULTIRANGE_INFO)->rngtype;
    Oid const subtype = found.range->rngelemtype->type_id;
    // a range type may have an operator class of its own, in which other values are equal
    if (found.range->rng_cmp_proc_finfo.fn_oid != lookup_type_cache(subtype, TYPECACHE_CMP_PROC)->cmp_proc)
        return no_hash;
    found.parts = make_parts(1, context);
    return find_key_type(*found.parts, subtype, found.range->rng_collation, context);
}

void make_zero(KeyType &found, MemoryContext context)
{
    MemoryContext const old = MemoryContextSwitchTo(context);
    found.zero = int64_to_numeric(0);
    MemoryContextSwitchTo(old);
}

} // namespace

const char *find_key_type(KeyType &found, Oid type, Oid collation, MemoryContext context)
{
    check_stack_depth();
    found.type = getBaseType(type);
    found.collation = collation;
    get_typlenbyvalalign(found.type, &found.length, &found.by_value, &found.alignment);
    TypeCacheEntry *const entry =
        lookup_type_cache(found.type, TYPECACHE_BTREE_OPFAMILY | TYPECACHE_EQ_OPR | TYPECACHE_EQ_OPR_FINFO);
    if (!OidIsValid(entry->btree_opf) || !OidIsValid(entry->eq_opr_finfo.fn_oid))
        return "has a type without equality";
    found.by = equal_by_image(entry, collation) ? By::image : by_equality(entry);
    switch (found.by) {
    case By::image:
    case By::interval:
        return nullptr;
    case By::hash:
        return find_hash(found, found.type, context);
    case By::numeric:
    case By::jsonb:
        make_zero(found, context);
        return find_hash(found, NUMERICOID, context);
    case By::array:
        return find_element(found, context);
    case By::record:
        return find_attributes(found, context);
    case By::range:
    case By::multirange:
        return find_bounds(found, context);
    }
    return no_hash;
}

} // namespace datasurface::heap
