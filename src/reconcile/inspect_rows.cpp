#include "reconcile/inspect_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "change/tables.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

namespace {

using sqltext::identifier;

constexpr std::int64_t enough = 100;

struct Count {
    std::int64_t rows = 0;
    std::string first; // key, as PostgreSQL shows keys in its errors; empty: there is none
};

std::string from_sql(const change::Object &merge)
{
    return " FROM " + std::string(merge.there.kind == 'r' ? "ONLY " : "") + merge.name.sql();
}

// (id, v)=(1, a). Long values are cut.
std::string key_text(const std::vector<std::string> &columns)
{
    std::vector<std::string> names, values;
    for (const std::string &column : columns) {
        names.push_back(identifier(column));
        values.push_back("left(format('%s', " + identifier(column) + "), 60)");
    }
    return sqltext::literal("(" + sqltext::join(names, ", ") + ")=(") + " || concat_ws(', ', " +
           sqltext::join(values, ", ") + ") || ')'";
}

// shown: an expression on a row. rest: behind its SELECT list. Nothing when the values cannot be compared.
Count count(const change::Object &merge, const std::string &shown, const std::string &rest)
{
    Count found;
    (void)pg::rolled_back([&] {
        pg::as_role(merge.there.owner, [&] {
            pg::Rows const rows =
                pg::query({"count_rows",
                           "SELECT count(*), coalesce(min(k COLLATE \"C\"), '') FROM (SELECT " + shown + " AS k" +
                               from_sql(merge) + rest + " LIMIT " + std::to_string(enough) + ") x",
                           {}});
            found = {rows.bigint(0, 0), rows.text(0, 1)};
        });
    });
    return found;
}

std::string words(const Count &count, const std::string &one, const std::string &many)
{
    std::string const rows = count.rows >= enough ? "100 or more " + many : counted(count.rows, one, many);
    return rows + (count.first.empty() ? "" : ", such as " + count.first);
}

// As it is in the table now; nullptr: it is not there, or not known.
const change::ActualColumn *column_of(change::Actual &actual, change::Object &merge, const shape::Column &column)
{
    auto const made = actual.made_columns.find(column.id);
    return change::find_column(merge.there, made == actual.made_columns.end() ? column.name : made->second);
}

std::string null_rows(const change::Object &merge, const std::string &column)
{
    Count const found = count(merge, merge.there.primary_key.empty() ? "''" : key_text(merge.there.primary_key),
                              " WHERE " + identifier(column) + " IS NOT DISTINCT FROM NULL");
    return found.rows == 0
               ? ""
               : words(found, "row has NULL in " + identifier(column), "rows have NULL in " + identifier(column));
}

// The columns of the wanted key as they are in the table. All rows have the same value of a column that is to be added.
std::optional<std::vector<std::string>> key_of_now(change::Actual &actual, change::Object &merge,
                                                   const shape::Shape &wanted)
{
    std::vector<std::string> key;
    for (const std::string &name : wanted.primary_key) {
        const change::ActualColumn *const column = column_of(actual, merge, wanted.column(name));
        if (column != nullptr && column->type != wanted.column(name).type.name)
            return std::nullopt;
        if (column != nullptr)
            key.push_back(column->name);
    }
    if (key.empty())
        return std::nullopt;
    return key;
}

std::string shared_keys(const change::Object &merge, const std::vector<std::string> &key)
{
    std::vector<std::string> columns, conditions;
    for (const std::string &column : key) {
        columns.push_back(identifier(column));
        conditions.push_back(identifier(column) + " IS DISTINCT FROM NULL");
    }
    Count const found = count(merge, key_text(key),
                              " WHERE " + sqltext::join(conditions, " AND ") + " GROUP BY " +
                                  sqltext::join(columns, ", ") + " HAVING count(*) > 1");
    return found.rows == 0 ? "" : words(found, "key is there more than once", "keys are there more than once");
}

} // namespace

void inspect_rows(change::Actual &actual, const shape::Shape &wanted, const std::vector<int> &not_null, bool keys)
{
    change::Object *const merge = actual.find(shape::RelationKind::merge);
    if (merge == nullptr)
        return;
    for (const shape::Column &column : wanted.columns) {
        const change::ActualColumn *const there = column_of(actual, *merge, column);
        if (there == nullptr || std::find(not_null.begin(), not_null.end(), column.id) == not_null.end())
            continue;
        if (std::string rows = null_rows(*merge, there->name); !rows.empty())
            actual.nulls.emplace(column.id, std::move(rows));
    }
    if (!keys)
        return;
    if (std::optional<std::vector<std::string>> const key = key_of_now(actual, *merge, wanted))
        actual.shared_keys = shared_keys(*merge, *key);
}

} // namespace datasurface::reconcile
