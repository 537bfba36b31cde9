#include "change/system_columns.hpp"

#include <algorithm>

#include "change/columns_gone.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

struct SystemColumn {
    std::string_view name;
    std::string type;
    bool numbers_itself = false;
    bool is_made_later = false; // if it is missing, another step adds it
};

std::vector<SystemColumn> system_columns(const shape::Shape &wanted, RelationKind kind)
{
    if (kind == RelationKind::staging && wanted.staged_deletes)
        return {{shape::arrival, "bigint", true}, {shape::deleted, std::string(shape::deleted_type), false, true}};
    if (kind == RelationKind::staging)
        return {{shape::arrival, "bigint", true}};
    return {{shape::batch_in, "integer"}, {shape::batch_out, "integer"}};
}

Step refused(const Object &table, const std::string &change, const std::string &reason)
{
    Step step = alter_table(table.name, change);
    step.cost = Class::refused;
    step.reason = reason;
    return step;
}

std::string identity_sql(const Tables &tables)
{
    return "GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME " + tables.wanted.names.staging_sequence.sql() + ")";
}

// The only column of that kind that nobody knows.
const ActualColumn *likely_column(const Tables &tables, const ActualRelation &table, const SystemColumn &column)
{
    std::vector<const ActualColumn *> unknown = unknown_columns(tables, table);
    std::erase_if(unknown, [&](const ActualColumn *one) {
        return one->type != column.type || one->numbers_itself != column.numbers_itself;
    });
    return unknown.size() == 1 ? unknown.front() : nullptr;
}

Step missing(const Tables &tables, const Object &table, const SystemColumn &column)
{
    std::string const name = identifier(column.name);
    const ActualColumn *const likely = likely_column(tables, table.there, column);
    std::string reason = "column " + name + " is not there any more (renamed or dropped by hand)";
    if (likely != nullptr)
        reason += "; it may be column " + identifier(likely->name) + ", of the same type";
    reason += ". If it has another name, rename it back; else restore the table from a dump, or DROP TABLE " +
              table.name.sql() + " CASCADE and reconcile, which makes it again without its rows";
    return refused(table,
                   likely != nullptr ? "RENAME COLUMN " + identifier(likely->name) + " TO " + name
                                     : "ADD COLUMN " + name + " " + column.type,
                   reason);
}

void check(Tables &tables, Object &table, const SystemColumn &column)
{
    const ActualColumn *const actual = find_column(table.there, std::string(column.name));
    std::string const name = identifier(column.name);
    if (actual == nullptr && column.is_made_later)
        return;
    if (actual == nullptr)
        tables.take(missing(tables, table, column));
    else if (actual->type != column.type)
        tables.take(refused(table, "ALTER COLUMN " + name + " TYPE " + column.type,
                            "column " + name + " was given the type " + actual->type +
                                " by hand: give it back the type " + column.type));
    else if (column.numbers_itself && !actual->numbers_itself)
        tables.take(refused(table, "ALTER COLUMN " + name + " ADD " + identity_sql(tables),
                            "column " + name + " no longer numbers its rows: empty the table, and make it " +
                                identity_sql(tables) + " again"));
}

} // namespace

bool keep_system_columns(Tables &tables)
{
    std::size_t const before = tables.waiting.size();
    for (RelationKind const kind : table_kinds) {
        Object *const table = tables.now.find(kind);
        if (table == nullptr || (kind == RelationKind::history && !tables.wanted.milestoned))
            continue;
        for (const SystemColumn &column : system_columns(tables.wanted, kind))
            check(tables, *table, column);
    }
    return tables.waiting.size() == before;
}

} // namespace datasurface::change
