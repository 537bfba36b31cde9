#include "change/as_of.hpp"

#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using shape::Shape;
using sqltext::identifier;
using sqltext::literal;

std::string function_sql(const Shape &shape, const std::string &body)
{
    return "CREATE OR REPLACE FUNCTION " + shape.names.as_of.sql() + "(batch integer) RETURNS SETOF " +
           shape.names.merge.sql() + " LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC " + body + "; END";
}

// Raises for a batch before the history began, by a cast that fails. A function of the extension would do it with a better
// SQLSTATE, but the tables must outlive the extension. PostgreSQL asks this once for a query, not for each row.
std::string horizon_sql(const Shape &shape, int history_from)
{
    if (history_from == 0)
        return "";
    std::string const first = std::to_string(history_from);
    return " AND CASE WHEN $1 < " + first + " THEN (" +
           literal("the history of " + shape::title(shape) + " begins with batch " + first +
                   ", there is none of batch ") +
           " || $1)::boolean ELSE true END";
}

// The function returns rows of the merge table: all its columns, in its order. Columns that users have added to it are among them; a
// history table that has none of that name gives NULL. The condition follows.
std::string columns_in(Tables &tables, RelationKind kind)
{
    ColumnsByName const present = by_name(*tables.now.table(kind));
    std::vector<std::string> columns;
    for (const ActualColumn &column : tables.now.table(RelationKind::merge)->columns)
        if (column.name == shape::batch_in)
            columns.push_back(first_batch_sql(tables.now.publishing));
        else
            columns.push_back(find(present, column.name) != nullptr
                                  ? identifier(column.name)
                                  : "NULL::" + column.type + " AS " + identifier(column.name));
    return "SELECT " + sqltext::join(columns, ", ") + " FROM " + wanted_name(tables.wanted.names, kind).sql() +
           " WHERE ";
}

// The rows that had come by then.
std::string come_sql(const Publishing &publishing)
{
    return identifier(shape::batch_in) + " <= $1" +
           (publishing.from == 0 ? "" : " AND $1 >= " + std::to_string(publishing.from));
}

// PostgreSQL inlines the function into the calling query, so conditions reach the tables. The function uses no object of the
// extension. It is bound to its tables when it is created, so the caller's search_path does not matter.
std::string as_of_sql(Tables &tables)
{
    const Publishing &publishing = tables.now.publishing;
    std::string const current = columns_in(tables, RelationKind::merge);
    std::string const former = columns_in(tables, RelationKind::history);
    if (publishing.shows_nothing)
        return function_sql(tables.wanted, current + "false UNION ALL " + former + "false");
    return function_sql(tables.wanted, current + come_sql(publishing) +
                                           horizon_sql(tables.wanted, tables.now.history_from) + " UNION ALL " +
                                           former + come_sql(publishing) + " AND " + identifier(shape::batch_out) +
                                           " >= $1");
}

void create_as_of(Tables &tables, const std::string &wanted)
{
    const sqltext::Qualified &name = tables.wanted.names.as_of;
    if (tables.now.functions.count(name) > 0)
        refuse_taken(name);
    tables.take(std::vector<Step>{{name.sql() + "(integer)", Action::create, wanted, RelationKind::as_of, name},
                                  {name.sql() + "(integer)", Action::comment,
                                   "COMMENT ON FUNCTION " + name.sql() + "(integer) IS " +
                                       literal("rows of dataset \"" + tables.wanted.dataset +
                                               "\" as they were when that batch was committed"),
                                   std::nullopt, name}});
    Object &made = tables.now.ours[RelationKind::as_of];
    made.name = name;
    made.definition = wanted;
    made.owner = tables.wanted.owner;
    made.exists = true;
}

} // namespace

void make_as_of(Tables &tables)
{
    std::string const wanted = as_of_sql(tables);
    Object *const made = tables.now.find(RelationKind::as_of);
    if (made == nullptr)
        return create_as_of(tables, wanted);
    std::string const object = made->name.sql() + "(integer)";
    require_as_made(*made, object);
    if (made->definition == wanted)
        return;
    tables.take(Step{object, Action::replace, wanted, RelationKind::as_of, made->name});
    made->definition = wanted;
}

std::optional<Step> empty_as_of(Tables &tables)
{
    Object *const made = tables.now.find(RelationKind::as_of);
    if (made == nullptr)
        return std::nullopt;
    require_as_made(*made, made->name.sql() + "(integer)");
    std::vector<std::string> columns;
    for (const ActualColumn &column : tables.now.table(RelationKind::merge)->columns)
        columns.push_back("NULL::" + column.type);
    std::string const body = "SELECT " + sqltext::join(columns, ", ") + " WHERE false";
    return Step{made->name.sql() + "(integer)", Action::replace, function_sql(tables.wanted, body), RelationKind::as_of,
                made->name};
}

} // namespace datasurface::change
