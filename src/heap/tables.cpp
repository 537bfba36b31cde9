#include "heap/tables.hpp"

#include "heap/fitness.hpp"

extern "C" {
#include "access/relation.h"
#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
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

const char *find_keys(Tables &tables, const shape::Shape &shape)
{
    tables.key_count = static_cast<int>(shape.primary_key.size());
    tables.keys = static_cast<KeyColumn *>(palloc0(sizeof(KeyColumn) * shape.primary_key.size()));
    for (int i = 0; i < tables.key_count; ++i) {
        KeyColumn &key = tables.keys[i];
        while (shape.columns[key.column].name != shape.primary_key[i])
            key.column++;
        Form_pg_attribute const attribute = TupleDescAttr(tables.image, key.column);
        if (const char *const problem = find_key_column(key, attribute, tables.context))
            return problem;
    }
    return nullptr;
}

AttrNumber number_of(Relation relation, const char *name)
{
    TupleDesc const descriptor = RelationGetDescr(relation);
    for (int i = 0; i < descriptor->natts; ++i) {
        Form_pg_attribute const attribute = TupleDescAttr(descriptor, i);
        if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
            return static_cast<AttrNumber>(i + 1);
    }
    return InvalidAttrNumber;
}

const char *find_columns(Table &table, const shape::Shape &shape, int system_columns)
{
    int const columns = static_cast<int>(shape.columns.size());
    table.system_columns = system_columns;
    table.payload = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * columns));
    table.in_order = RelationGetDescr(table.relation)->natts == system_columns + columns;
    for (int i = 0; i < columns; ++i) {
        table.payload[i] = number_of(table.relation, pg::to_server(shape.columns[i].name));
        if (table.payload[i] == InvalidAttrNumber)
            return "lacks a column of the model";
        table.in_order = table.in_order && table.payload[i] == system_columns + 1 + i;
    }
    return live_columns(table.relation) == system_columns + columns ? nullptr : "has columns that are not in the model";
}

Form_pg_attribute attribute_of(const Table &table, int column)
{
    return TupleDescAttr(RelationGetDescr(table.relation), table.payload[column] - 1);
}

const char *compare_types(const Table &table, const Table &merge, int columns)
{
    for (int i = 0; i < columns; ++i) {
        Form_pg_attribute const one = attribute_of(table, i), other = attribute_of(merge, i);
        if (one->atttypid != other->atttypid || one->attcollation != other->attcollation)
            return "has a column of another type than the merge table";
    }
    return nullptr;
}

bool have_same_bytes(const Table &staging, const Table &merge, int columns)
{
    if (!staging.in_order || !merge.in_order)
        return false;
    for (int i = 0; i < columns; ++i) {
        Form_pg_attribute const one = attribute_of(staging, i), other = attribute_of(merge, i);
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

Relation open(const sqltext::Qualified &name)
{
    // whatever it is by now: what is no table is refused below
    return relation_openrv(makeRangeVar(pg::to_server(name.schema), pg::to_server(name.name), -1), RowExclusiveLock);
}

const char *inspect_tables(Tables &tables, const shape::Shape &shape)
{
    struct {
        Table *table;
        const char *name;
    } const all[] = {{&tables.merge, "merge"}, {&tables.staging, "staging"}, {&tables.history, "history"}};
    for (const auto &[table, name] : all) {
        if (table->relation == nullptr)
            continue;
        bool const staging = table == &tables.staging;
        const char *problem = staging ? unreadable(table->relation) : unwritable(table->relation);
        if (problem == nullptr)
            problem = find_columns(*table, shape, staging ? 1 : 2);
        if (problem == nullptr)
            problem = compare_types(*table, tables.merge, tables.columns);
        if (problem != nullptr)
            return psprintf("the %s table %s", name, problem);
    }
    return nullptr;
}

const char *inspect(Tables &tables, const shape::Shape &shape)
{
    tables.columns = static_cast<int>(shape.columns.size());
    if (const char *const problem = inspect_tables(tables, shape))
        return problem;
    tables.image = make_image(tables.merge, tables.columns);
    tables.same_bytes = have_same_bytes(tables.staging, tables.merge, tables.columns);
    if (const char *const problem = find_keys(tables, shape))
        return problem;
    tables.primary_key = find_primary_key(tables);
    return OidIsValid(tables.primary_key) ? nullptr : "the merge table has no primary key on the dataset's key";
}

} // namespace

Opened open_tables(const shape::Shape &shape, MemoryContext context, Snapshot snapshot)
{
    MemoryContext const old = MemoryContextSwitchTo(context);
    auto *const tables = static_cast<Tables *>(palloc0(sizeof(Tables)));
    tables->context = context;
    tables->snapshot = snapshot;
    tables->staging.relation = open(shape.names.staging);
    tables->merge.relation = open(shape.names.merge);
    if (shape.milestoned)
        tables->history.relation = open(shape.names.history);
    const char *const problem = inspect(*tables, shape);
    MemoryContextSwitchTo(old);
    return {tables, problem};
}

void close_tables(Tables &tables)
{
    for (const Table *const table : {&tables.staging, &tables.merge, &tables.history})
        if (table->relation != nullptr)
            relation_close(table->relation, NoLock);
}

} // namespace datasurface::heap
