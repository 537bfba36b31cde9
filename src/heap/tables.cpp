#include "heap/tables.hpp"

#include "heap/fitness.hpp"
#include "heap/layout.hpp"

extern "C" {
#include "access/relation.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
}

namespace datasurface::heap {

namespace {

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

Oid type_of(const Table &table, AttrNumber number)
{
    return TupleDescAttr(RelationGetDescr(table.relation), number - 1)->atttypid;
}

const char *compare_types(const Table &table, const Table &merge, int columns)
{
    for (int i = 0; i < columns; ++i) {
        Form_pg_attribute const one = payload_attribute(table, i), other = payload_attribute(merge, i);
        // values are copied without the casts of an INSERT
        if (one->atttypid != other->atttypid || one->atttypmod != other->atttypmod ||
            one->attcollation != other->attcollation)
            return "has a column of another type than the merge table";
    }
    return nullptr;
}

int *key_columns(const shape::Shape &shape)
{
    auto *const columns = static_cast<int *>(palloc0(sizeof(int) * shape.primary_key.size()));
    for (std::size_t i = 0; i < shape.primary_key.size(); ++i)
        while (shape.columns[columns[i]].name != shape.primary_key[i])
            columns[i]++;
    return columns;
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
    tables.key_count = static_cast<int>(shape.primary_key.size());
    if (const char *const problem = inspect_tables(tables, shape))
        return problem;
    if (const char *const problem = derive_layout(tables, key_columns(shape)))
        return problem;
    tables.primary_key = find_primary_key(tables);
    return OidIsValid(tables.primary_key) ? nullptr : "the merge table has no primary key on the dataset's key";
}

} // namespace

Relation open_by_name(const sqltext::Qualified &name)
{
    return relation_openrv(makeRangeVar(pg::to_server(name.schema), pg::to_server(name.name), -1), RowExclusiveLock);
}

const char *find_columns(Table &table, const shape::Shape &shape, int system_columns)
{
    int const columns = static_cast<int>(shape.columns.size());
    table.system_columns = system_columns;
    if (!(system_columns == 1 ? begins_with_arrival(table.relation) : begins_with_milestones(table.relation)))
        return "does not begin with its system columns";
    table.payload = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * columns));
    for (int i = 0; i < columns; ++i) {
        table.payload[i] = number_of(table.relation, pg::to_server(shape.columns[i].name));
        if (table.payload[i] == InvalidAttrNumber)
            return "lacks a column of the model";
    }
    if (system_columns == 1 && shape.staged_deletes) {
        table.deleted = number_of(table.relation, shape::deleted.data());
        if (table.deleted == InvalidAttrNumber || type_of(table, table.deleted) != BOOLOID)
            return "lacks the column that says which rows are deletes";
    }
    int const all = system_columns + columns + (table.deleted != InvalidAttrNumber ? 1 : 0);
    return live_columns(table.relation) == all ? nullptr : "has columns that are not in the model";
}

Opened open_tables(const merge::Plan &plan, MemoryContext context, Snapshot snapshot)
{
    const shape::Shape &shape = plan.shape;
    MemoryContext const old = MemoryContextSwitchTo(context);
    auto *const tables = static_cast<Tables *>(palloc0(sizeof(Tables)));
    tables->context = context;
    tables->snapshot = snapshot;
    tables->batch = plan.batch;
    tables->batch_rows = plan.staged;
    tables->has_deletes = plan.has_deletes();
    tables->staging.relation = open_by_name(shape.names.staging);
    tables->merge.relation = open_by_name(shape.names.merge);
    if (shape.milestoned)
        tables->history.relation = open_by_name(shape.names.history);
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
