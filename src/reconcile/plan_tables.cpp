#include "reconcile/plan_tables.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "reconcile/plan_history.hpp"
#include "reconcile/plan_key.hpp"

namespace datasurface::reconcile {

namespace {

using shape::RelationKind;
using shape::Shape;
using sqltext::identifier;
using sqltext::literal;
using sqltext::Qualified;

// One of the three tables, with the parts of its CREATE TABLE that depend on its kind.
struct Table {
    Qualified name;
    RelationKind kind = RelationKind::merge;
    std::vector<std::string> system_columns;
    bool constrained = false; // it has NOT NULL, and the merge table its primary key
    std::string prefix;       // "UNLOGGED " or empty
    std::string suffix;
    std::string comment;
};

std::string integer_column(std::string_view name)
{
    return identifier(name) + " integer NOT NULL";
}

std::string column_sql(const shape::Column &column, bool constrained)
{
    return identifier(column.name) + " " + column.type.name + (constrained && !column.nullable ? " NOT NULL" : "");
}

std::string fillfactor_option(const Shape &shape)
{
    return "fillfactor=" + std::to_string(shape.fillfactor);
}

// Each batch fills and empties the staging table. With PostgreSQL's default thresholds (50 rows, 1000 for inserts), autovacuum
// would vacuum and analyze it after each batch of a small dataset, which costs more than the batch. A large staging table is
// emptied by TRUNCATE, so it needs no vacuum.
constexpr const char *staging_options[] = {"autovacuum_vacuum_threshold", "autovacuum_vacuum_insert_threshold",
                                           "autovacuum_analyze_threshold"};
constexpr const char staging_rows[] = "20000";

// The options that the table lacks. An option that somebody has set by hand stays.
std::string missing_staging_options(const std::string &present)
{
    std::vector<std::string> missing;
    for (const char *const option : staging_options)
        if (("," + present).find("," + std::string(option) + "=") == std::string::npos)
            missing.push_back(std::string(option) + "=" + staging_rows);
    return sqltext::join(missing, ", ");
}

Table staging_table(const Shape &shape)
{
    Table table;
    table.name = shape.names.staging;
    table.kind = RelationKind::staging;
    table.system_columns = {identifier(shape::arrival) + " bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME " +
                            shape.names.staging_sequence.sql() + ")"};
    table.prefix = shape.staging_logged ? "" : "UNLOGGED ";
    table.suffix = " WITH (" + missing_staging_options("") + ")";
    table.comment = "incoming rows of dataset \"" + shape.dataset + "\" of store \"" + shape.store + "\"";
    return table;
}

Table merge_table(const Shape &shape)
{
    Table table;
    table.name = shape.names.merge;
    table.kind = RelationKind::merge;
    table.system_columns = {integer_column(shape::batch_in), integer_column(shape::batch_out)};
    table.constrained = true;
    table.suffix = " WITH (" + fillfactor_option(shape) + ")";
    table.comment = shape.description;
    return table;
}

Table history_table(const Shape &shape)
{
    Table table = merge_table(shape);
    table.name = shape.names.history;
    table.kind = RelationKind::history;
    table.suffix = "";
    table.comment = "closed versions of dataset \"" + shape.dataset + "\" of store \"" + shape.store + "\"";
    return table;
}

Step create_table(const Shape &shape, const Table &table)
{
    std::vector<std::string> columns = table.system_columns;
    for (const shape::Column &column : shape.columns)
        columns.push_back(column_sql(column, table.constrained));
    if (table.kind == RelationKind::merge)
        columns.push_back(primary_key_sql(shape));
    return {table.name.sql(), Action::create,
            "CREATE " + table.prefix + "TABLE " + table.name.sql() + " (" + sqltext::join(columns, ", ") + ")" +
                table.suffix,
            table.kind, table.name};
}

// Records an object that PostgreSQL creates together with a table as ours.
void record_only(std::vector<Step> &steps, RelationKind kind, const Qualified &name)
{
    steps.push_back({name.sql(), Action::record, "", kind, name});
}

using ColumnsByName = std::map<std::string_view, const ActualColumn *>;

ColumnsByName by_name(const ActualRelation *relation)
{
    ColumnsByName columns;
    if (relation != nullptr)
        for (const ActualColumn &column : relation->columns)
            columns.emplace(column.name, &column);
    return columns;
}

void require_alike(const Table &table, const shape::Column &wanted, const ActualColumn &actual)
{
    std::string const column = "column " + identifier(wanted.name);
    if (actual.type != wanted.type.name)
        refuse_difference(table.name, column + " is of type " + actual.type + ", not " + wanted.type.name);
    if (table.constrained && actual.not_null == wanted.nullable)
        refuse_difference(table.name, column + (wanted.nullable ? " is NOT NULL" : " lacks NOT NULL"));
}

// Adds columns that the table lacks. Throws SF004 for any other difference.
void plan_columns(std::vector<Step> &steps, const Shape &shape, const Table &table, const ActualRelation &actual)
{
    ColumnsByName const existing = by_name(&actual);
    std::vector<std::string> additions;
    for (const shape::Column &column : shape.columns) {
        if (auto const found = existing.find(column.name); found != existing.end()) {
            require_alike(table, column, *found->second);
            continue;
        }
        if (table.constrained && !column.nullable)
            refuse_difference(table.name, "it lacks column " + identifier(column.name) + ", which is not nullable");
        additions.push_back("ADD COLUMN " + column_sql(column, table.constrained));
    }
    if (!additions.empty())
        steps.push_back({table.name.sql(), Action::alter,
                         "ALTER TABLE " + table.name.sql() + " " + sqltext::join(additions, ", "), std::nullopt,
                         table.name, true});
}

// The comment of each column of the table.
std::vector<std::pair<std::string, std::string>> column_comments(const Shape &shape, const Table &table)
{
    std::vector<std::pair<std::string, std::string>> comments;
    if (table.kind == RelationKind::staging) {
        comments.emplace_back(shape::arrival, "order of arrival, which numbers itself");
    } else {
        comments.emplace_back(shape::batch_in, "first batch in which this version is current");
        comments.emplace_back(shape::batch_out,
                              "last batch in which this version is current; 2147483647 while it still is");
    }
    for (const shape::Column &column : shape.columns)
        comments.emplace_back(column.name, column.description);
    return comments;
}

void plan_comments(std::vector<Step> &steps, const Shape &shape, const Table &table, const ActualRelation *actual)
{
    std::vector<std::string> comments;
    if (table.comment != (actual == nullptr ? "" : actual->comment))
        comments.push_back("COMMENT ON TABLE " + table.name.sql() + " IS " + literal(table.comment));
    ColumnsByName const existing = by_name(actual);
    for (const auto &[column, comment] : column_comments(shape, table)) {
        auto const found = existing.find(column);
        if (comment != (found == existing.end() ? "" : found->second->comment))
            comments.push_back("COMMENT ON COLUMN " + table.name.sql() + "." + identifier(column) + " IS " +
                               literal(comment));
    }
    if (!comments.empty())
        steps.push_back({table.name.sql(), Action::comment, sqltext::join(comments, "; "), std::nullopt, table.name});
}

// options: name=value, separated by commas. Whole options are compared, so fillfactor=10 is not found in fillfactor=100.
bool has_option(const ActualRelation &relation, const std::string &option)
{
    return ("," + relation.options + ",").find("," + option + ",") != std::string::npos;
}

std::string word_of_kind(char kind)
{
    switch (kind) {
    case 'v':
        return "a view";
    case 'm':
        return "a materialized view";
    case 'f':
        return "a foreign table";
    case 'S':
        return "a sequence";
    case 'i':
    case 'I':
        return "an index";
    default:
        return "something else";
    }
}

void require_table(const Table &table, const ActualRelation &actual)
{
    if (actual.kind == 'r' || actual.kind == 'p')
        return;
    throw Error(
        sqlstate::cannot_reconcile,
        table.name.sql() + " is " + word_of_kind(actual.kind) + ", not the table that ds_reconcile_schema made",
        "It is left as it is, and batches of the dataset fail.",
        "Put the table back. Or rename or drop the other object, and reconcile again: the table is then created again, "
        "without its rows.");
}

void plan_table(std::vector<Step> &steps, const Shape &shape, const Actual &actual, const Table &table)
{
    const ActualRelation *const existing = find(actual, table.name);
    if (existing == nullptr) {
        steps.push_back(create_table(shape, table));
        steps.back().lost = actual.is_ours(table.kind, table.name.name);
        if (table.kind == RelationKind::staging)
            record_only(steps, RelationKind::sequence, shape.names.staging_sequence);
        if (table.kind == RelationKind::merge)
            record_only(steps, RelationKind::index, shape.names.merge_key);
        plan_comments(steps, shape, table, nullptr);
        return;
    }
    require_ours(actual, table.name, table.kind);
    require_table(table, *existing);
    if (!existing->owned)
        refuse_difference(table.name, "it does not belong to the owner of the store");
    plan_columns(steps, shape, table, *existing);
    if (table.kind == RelationKind::merge)
        if (std::optional<Step> key = plan_key(shape, *existing))
            steps.push_back(*std::move(key));
    // other kinds of table have no fillfactor
    if (table.kind == RelationKind::merge && existing->kind == 'r' && !has_option(*existing, fillfactor_option(shape)))
        steps.push_back({table.name.sql(), Action::alter,
                         "ALTER TABLE " + table.name.sql() + " SET (" + fillfactor_option(shape) + ")", std::nullopt,
                         table.name});
    if (table.kind == RelationKind::staging && existing->kind == 'r')
        if (std::string const options = missing_staging_options(existing->options); !options.empty())
            steps.push_back({table.name.sql(), Action::alter,
                             "ALTER TABLE " + table.name.sql() + " SET (" + options + ")", std::nullopt, table.name});
    plan_comments(steps, shape, table, existing);
}

// rest: the object that shows that the table still exists under another name. what: a staging table that was moved to another
// schema took its sequence along, so when the sequence is here, the table was renamed.
[[noreturn]] void refuse_renamed(const Qualified &table, const std::string &rest,
                                 const std::string &what = "renamed or moved")
{
    throw Error(sqlstate::undefined_table, "table " + table.sql() + " does not exist, but " + rest + " is there",
                "The table was " + what + " after ds_reconcile_schema made it. If it had been dropped, " + rest +
                    " would have been dropped too.",
                "Rename it back. Or drop " + rest +
                    ", and reconcile again: the table is then created again, without its rows.");
}

bool is_missing(const Actual &actual, RelationKind kind, const Qualified &table)
{
    return actual.is_ours(kind, table.name) && find(actual, table) == nullptr;
}

// A missing table was dropped, and is created again. If an object that depends on it still exists, the table was renamed or
// moved: throws 42P01.
void require_dropped(const shape::Names &names, const Actual &actual, const std::vector<Dependent> &views)
{
    if (is_missing(actual, RelationKind::staging, names.staging) &&
        actual.is_ours(RelationKind::sequence, names.staging_sequence.name) &&
        find(actual, names.staging_sequence) != nullptr)
        refuse_renamed(names.staging, names.staging_sequence.sql(), "renamed");
    for (const auto &[kind, table] :
         {std::pair(RelationKind::merge, names.merge), std::pair(RelationKind::history, names.history)}) {
        if (!is_missing(actual, kind, table))
            continue;
        if (actual.functions.count(names.as_of.name) > 0 && actual.is_ours(RelationKind::as_of, names.as_of.name))
            refuse_renamed(table, names.as_of.sql() + "(integer)");
        for (const Dependent &view : views)
            if (view.kind == RelationKind::full_view || kind == RelationKind::merge)
                refuse_renamed(table, view.name.sql());
    }
}

} // namespace

std::vector<Step> plan_tables(const Shape &shape, const Actual &actual, const std::vector<Dependent> &views)
{
    require_dropped(shape.names, actual, views);
    std::vector<Step> steps;
    plan_table(steps, shape, actual, staging_table(shape));
    plan_table(steps, shape, actual, merge_table(shape));
    if (!shape.milestoned)
        return steps;
    plan_table(steps, shape, actual, history_table(shape));
    plan_history_indexes(steps, shape, actual);
    plan_as_of(steps, shape, actual);
    return steps;
}

std::vector<std::string> payload_order(const Shape &shape, const Actual &actual)
{
    std::vector<std::string> order;
    const ActualRelation *const merge = find(actual, shape.names.merge);
    if (merge == nullptr)
        return order;
    for (const ActualColumn &column : merge->columns)
        order.push_back(column.name);
    return order;
}

bool lacks_made_table(const shape::Names &names, const Actual &actual)
{
    return is_missing(actual, RelationKind::merge, names.merge) ||
           is_missing(actual, RelationKind::history, names.history);
}

bool keeps_readers_out(const std::vector<Step> &steps)
{
    return std::any_of(steps.begin(), steps.end(), [](const Step &step) { return step.exclusive; });
}

bool builds_index(const std::vector<Step> &steps)
{
    return std::any_of(steps.begin(), steps.end(), [](const Step &step) {
        return step.action == Action::create && step.kind == RelationKind::index;
    });
}

} // namespace datasurface::reconcile
