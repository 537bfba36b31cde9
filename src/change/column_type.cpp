#include "change/column_type.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "change/dependents.hpp"
#include "change/staging.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

// numeric(10,2): name, and up to two numbers
struct Parts {
    std::string name;
    std::vector<int> numbers;
};

Parts parts_of(const std::string &type)
{
    std::size_t const open = type.find('('), close = type.find(')');
    if (open == std::string::npos || close == std::string::npos)
        return {type, {}};
    Parts parts{type.substr(0, open) + type.substr(close + 1), {}};
    for (std::size_t at = open + 1; at < close; at = type.find_first_of(",)", at) + 1)
        parts.numbers.push_back(std::atoi(type.c_str() + at));
    return parts;
}

bool is_unlimited_text(const Parts &type)
{
    return type.name == "text" || (type.name == "character varying" && type.numbers.empty());
}

// varchar(n), numeric(p,s) and times of a lower precision fit into wider ones of the same name.
std::optional<Class> cost_of_width(const Parts &from, const Parts &to)
{
    constexpr std::string_view with_width[] = {"numeric",
                                               "character",
                                               "character varying",
                                               "bit varying",
                                               "time without time zone",
                                               "time with time zone",
                                               "timestamp without time zone",
                                               "timestamp with time zone"};
    bool const known = std::find(std::begin(with_width), std::end(with_width), from.name) != std::end(with_width);
    if (!known || from.name != to.name || from.numbers == to.numbers)
        return std::nullopt;
    if (to.numbers.empty())
        return from.name == "character" ? Class::lossy : Class::safe;
    if (from.numbers.empty())
        return Class::lossy;
    if (from.name == "numeric") {
        int const scale = from.numbers.size() > 1 ? from.numbers[1] : 0,
                  wanted = to.numbers.size() > 1 ? to.numbers[1] : 0;
        int const whole = from.numbers[0] - scale, wanted_whole = to.numbers[0] - wanted;
        if (wanted < scale || wanted_whole < whole)
            return Class::lossy;
        return wanted == scale ? Class::safe : Class::rewrite;
    }
    if (from.name == "character")
        return to.numbers[0] > from.numbers[0] ? Class::rewrite : Class::lossy;
    return to.numbers[0] > from.numbers[0] ? Class::safe : Class::lossy;
}

constexpr std::array<std::array<std::string_view, 2>, 10> widenings = {{{"smallint", "integer"},
                                                                        {"smallint", "bigint"},
                                                                        {"integer", "bigint"},
                                                                        {"smallint", "numeric"},
                                                                        {"integer", "numeric"},
                                                                        {"bigint", "numeric"},
                                                                        {"real", "double precision"},
                                                                        {"integer", "double precision"},
                                                                        {"smallint", "double precision"},
                                                                        {"date", "timestamp without time zone"}}};

bool is_character(const Parts &type)
{
    return type.name == "text" || type.name == "character varying" || type.name == "character";
}

// To a character type by assignment, which every type has: a cast would cut what is too long.
std::string using_sql(const std::string &column, const std::string &from, const std::string &to)
{
    bool const casts = cost_of_type(from, to) == Class::lossy && !is_character(parts_of(to));
    return casts ? " USING " + identifier(column) + "::" + to : "";
}

std::vector<shape::Column *> differing(Tables &tables, Object &table)
{
    ColumnsByName const present = by_name(table.there);
    std::vector<shape::Column *> columns;
    for (shape::Column &column : tables.wanted.columns)
        if (const ActualColumn *const actual = find(present, column.name))
            if (actual->type != column.type.name)
                columns.push_back(&column);
    return columns;
}

// Why the change of a column fails, if it does. It must be tried to be known.
std::optional<std::string> failure(Tables &tables, const Conversion &conversion)
{
    tables.conversions.push_back(conversion);
    auto const known = tables.now.not_converting.find({conversion.table, conversion.column});
    return known == tables.now.not_converting.end() ? std::nullopt : std::optional(known->second);
}

Step retype(Tables &tables, Object &table, RelationKind kind)
{
    std::vector<std::string> changes, reasons, failures;
    Class cost = Class::safe;
    for (const shape::Column *const column : differing(tables, table)) {
        const std::string &from = find_column(table.there, column->name)->type, &to = column->type.name;
        changes.push_back("ALTER COLUMN " + identifier(column->name) + " TYPE " + to +
                          using_sql(column->name, from, to));
        Class const own = cost_of_type(from, to);
        cost = std::max(cost, own);
        std::string const reason = identifier(column->name) + " from " + from + " to " + to;
        if (own != Class::safe)
            reasons.push_back(reason);
        if (own != Class::lossy || (kind == RelationKind::staging && is_staged_anew(tables, table)))
            continue;
        if (std::optional<std::string> const why = failure(tables, {kind, column->id, column->name, to}))
            failures.push_back(reason + ": " + *why);
    }
    Step step = alter_table(table.name, sqltext::join(changes, ", "));
    step.cost = kind == RelationKind::staging && cost == Class::rewrite ? Class::safe : cost;
    if (cost != Class::safe)
        step.bytes = table.there.bytes;
    if (step.cost != Class::safe)
        step.reason = (cost == Class::lossy ? "values may change or not convert: " : "the table is rewritten: ") +
                      sqltext::join(reasons, ", ");
    if (!failures.empty()) {
        step.cost = Class::refused;
        step.reason = sqltext::join(failures, "; ");
    }
    return step;
}

// In the tables, where the change has been made, or in `wanted`, where it waits.
void settle(Tables &tables, bool changed)
{
    for (RelationKind const kind : table_kinds) {
        Object *const table = tables.now.find(kind);
        if (table == nullptr)
            continue;
        for (shape::Column *const column : differing(tables, *table))
            if (ActualColumn &actual = *find_column(table->there, column->name); changed)
                actual.type = column->type.name;
            else if (kind == RelationKind::merge)
                column->type.name = actual.type;
    }
}

} // namespace

Class cost_of_type(const std::string &from, const std::string &to)
{
    if (from == to)
        return Class::safe;
    Parts const before = parts_of(from), after = parts_of(to);
    if (is_unlimited_text(after) && (before.name == "text" || before.name == "character varying"))
        return Class::safe;
    if (is_unlimited_text(after) && before.name == "character")
        return Class::rewrite;
    if (std::optional<Class> const cost = cost_of_width(before, after))
        return *cost;
    for (const auto &[narrow, wide] : widenings)
        if (before.name == narrow && after.name == wide && after.numbers.empty())
            return Class::rewrite;
    return Class::lossy;
}

std::string conversion_sql(const Conversion &conversion, const std::string &column)
{
    std::string const value = identifier(column);
    Parts const type = parts_of(conversion.to);
    if (!is_character(type) || type.numbers.empty())
        return value + "::" + conversion.to;
    // the function of the length, as an assignment calls it; a length is stored with 4 added
    std::string const name = type.name == "character" ? "pg_catalog.bpchar" : "pg_catalog.varchar";
    return name + "(" + value + "::" + name + ", " + std::to_string(type.numbers[0] + 4) + ", false)";
}

void change_types(Tables &tables)
{
    std::vector<Step> change;
    std::vector<std::string> columns;
    bool empties = false;
    for (RelationKind const kind : table_kinds) {
        Object *const table = tables.now.find(kind);
        if (table == nullptr || differing(tables, *table).empty())
            continue;
        for (const shape::Column *const column : differing(tables, *table))
            columns.push_back(column->name);
        Step step = retype(tables, *table, kind);
        if (step.cost == Class::lossy && kind == RelationKind::staging && is_staged_anew(tables, *table)) {
            change.push_back(empty_staging(*table));
            empties = true;
        }
        change.push_back(std::move(step));
    }
    if (change.empty())
        return;
    bool const changed = take_with_dependents(tables, std::move(change), columns);
    settle(tables, changed);
    if (changed && empties)
        tables.now.table(RelationKind::staging)->emptied = true;
}

} // namespace datasurface::change
