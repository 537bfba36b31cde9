#include "change/create_table.hpp"

#include "change/comments.hpp"
#include "change/key.hpp"
#include "change/refuse.hpp"
#include "change/staged_deletes.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using shape::Shape;
using sqltext::identifier;
using sqltext::Qualified;

// Each batch fills and empties the staging table. With PostgreSQL's default thresholds (50 rows, 1000 for inserts), autovacuum
// would vacuum and analyze it after each batch of a small dataset, which costs more than the batch. A large staging table is
// emptied by TRUNCATE, so it needs no vacuum.
constexpr const char *staging_options[] = {"autovacuum_vacuum_threshold", "autovacuum_vacuum_insert_threshold",
                                           "autovacuum_analyze_threshold"};
constexpr const char staging_rows[] = "20000";

std::string integer_column(std::string_view name)
{
    return identifier(name) + " integer NOT NULL";
}

std::vector<std::string> system_columns(const Shape &shape, RelationKind kind)
{
    if (kind != RelationKind::staging)
        return {integer_column(shape::batch_in), integer_column(shape::batch_out)};
    return {identifier(shape::arrival) + " bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME " +
            shape.names.staging_sequence.sql() + ")"};
}

std::vector<std::string> options(const Shape &shape, RelationKind kind)
{
    if (kind == RelationKind::staging)
        return missing_staging_options("");
    return kind == RelationKind::merge ? std::vector<std::string>{fillfactor_option(shape)}
                                       : std::vector<std::string>();
}

std::string suffix(const Shape &shape, RelationKind kind)
{
    if (kind == RelationKind::history)
        return "";
    return " WITH (" + sqltext::join(options(shape, kind), ", ") + ")";
}

std::string create_sql(const Shape &shape, RelationKind kind)
{
    std::vector<std::string> columns = system_columns(shape, kind);
    for (const shape::Column &column : shape.columns)
        columns.push_back(column_sql(column, kind == RelationKind::merge && !column.nullable));
    if (kind == RelationKind::staging && shape.staged_deletes)
        columns.push_back(deleted_column_sql());
    if (kind == RelationKind::merge)
        columns.push_back(primary_key_sql(shape));
    bool const unlogged = kind == RelationKind::staging && !shape.staging_logged;
    return std::string("CREATE ") + (unlogged ? "UNLOGGED " : "") + "TABLE " + wanted_name(shape.names, kind).sql() +
           " (" + sqltext::join(columns, ", ") + ")" + suffix(shape, kind);
}

// PostgreSQL creates the object together with the table.
void record_only(Tables &tables, RelationKind kind)
{
    const Qualified &name = wanted_name(tables.wanted.names, kind);
    tables.take(Step{name.sql(), Action::record, "", kind, name});
    Object &object = tables.now.ours[kind];
    object.name = name;
    object.exists = true;
}

// As it is when the statement has been executed.
ActualRelation created(const Shape &shape, RelationKind kind)
{
    ActualRelation table;
    table.owner = shape.owner;
    table.logged = kind != RelationKind::staging || shape.staging_logged;
    table.options = sqltext::join(options(shape, kind), ",");
    if (kind == RelationKind::merge) {
        table.primary_key = shape.primary_key;
        table.key_name = shape.names.merge_key.name;
    }
    for (const auto &[name, comment] : column_comments(shape, kind))
        table.columns.push_back(
            {name, kind == RelationKind::staging ? "bigint" : "integer", true, "", name == shape::arrival});
    ColumnsByName const columns = by_name(table);
    if (ActualColumn *const deleted = find(columns, std::string(shape::deleted)))
        deleted->type = shape::deleted_type, deleted->not_null = false;
    for (const shape::Column &column : shape.columns) {
        ActualColumn &made = *find(columns, column.name);
        made.type = column.type.name;
        made.not_null = kind == RelationKind::merge && !column.nullable;
    }
    return table;
}

} // namespace

std::string column_sql(const shape::Column &column, bool not_null)
{
    return identifier(column.name) + " " + column.type.name + (not_null ? " NOT NULL" : "");
}

std::string fillfactor_option(const Shape &shape)
{
    return "fillfactor=" + std::to_string(shape.fillfactor);
}

std::vector<std::string> missing_staging_options(const std::string &present)
{
    std::vector<std::string> missing;
    for (const char *const option : staging_options)
        if (("," + present).find("," + std::string(option) + "=") == std::string::npos)
            missing.push_back(std::string(option) + "=" + staging_rows);
    return missing;
}

void create_table(Tables &tables, RelationKind kind)
{
    const Shape &shape = tables.wanted;
    const Qualified &name = wanted_name(shape.names, kind);
    if (tables.now.relations.count(name) > 0)
        refuse_taken(name);
    Step step{name.sql(), Action::create, create_sql(shape, kind), kind, name};
    step.lost = tables.now.is_ours(kind);
    tables.take(std::move(step));
    Object &object = tables.now.ours[kind];
    object.name = name;
    object.exists = true;
    object.there = created(shape, kind);
    if (kind == RelationKind::staging)
        record_only(tables, RelationKind::sequence);
    if (kind == RelationKind::merge)
        record_only(tables, RelationKind::merge_key);
    write_comments(tables, kind);
}

} // namespace datasurface::change
