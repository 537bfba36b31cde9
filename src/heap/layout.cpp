#include "heap/layout.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

namespace datasurface::heap {

namespace {

const char *find_key_column(KeyColumn &key, Form_pg_attribute attribute, MemoryContext context)
{
    if (const char *const problem = find_key_type(key.type, attribute->atttypid, attribute->attcollation, context))
        return problem;
    TypeCacheEntry *const type = lookup_type_cache(attribute->atttypid, TYPECACHE_EQ_OPR | TYPECACHE_EQ_OPR_FINFO);
    fmgr_info_copy(&key.equal, &type->eq_opr_finfo, context);
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
            return psprintf("key column \"%s\" %s", pg::to_utf8(NameStr(attribute->attname)), problem);
    }
    return nullptr;
}

bool is_in_order(const Table &table, int columns)
{
    for (int i = 0; i < columns; ++i)
        if (table.payload[i] != table.system_columns + 1 + i)
            return false;
    int const behind = table.system_columns + columns;
    return RelationGetDescr(table.relation)->natts == (table.deleted == behind + 1 ? behind + 1 : behind);
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
