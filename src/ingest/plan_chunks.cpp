#include "ingest/plan_chunks.hpp"

#include <algorithm>

#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

namespace {

using sqltext::identifier;
using sqltext::literal;

constexpr std::int64_t most_rows_of_page = 291; // of 8 kB, with no column

std::string list_of(const std::vector<std::string> &values, std::string (*quoted)(std::string_view))
{
    std::vector<std::string> all;
    for (const std::string &value : values)
        all.push_back(quoted(value));
    return sqltext::join(all, ", ");
}

std::string first_of_key(const std::vector<std::string> &key, std::size_t count)
{
    return "(" + list_of({key.begin(), key.begin() + static_cast<std::ptrdiff_t>(count)}, identifier) + ")";
}

std::string compared(const std::vector<std::string> &key, const char *by, const std::vector<std::string> &bound)
{
    return first_of_key(key, bound.size()) + by + "(" + list_of(bound, literal) + ")";
}

std::string has_null(const std::vector<std::string> &key)
{
    std::vector<std::string> all;
    for (const std::string &column : key)
        all.push_back(identifier(column) + " IS NULL");
    return sqltext::join(all, " OR ");
}

std::string in_range(const std::vector<std::string> &key, const Range &range)
{
    std::vector<std::string> all;
    if (!range.lower.empty())
        all.push_back(compared(key, " >= ", range.lower));
    if (!range.upper.empty())
        all.push_back(compared(key, " < ", range.upper));
    return sqltext::join(all, " AND ");
}

std::string where(const std::string &condition)
{
    return condition.empty() ? "" : " WHERE " + condition;
}

std::string rows_of(const std::string &select)
{
    return " FROM (\n" + select + "\n) AS ds_surf_rows";
}

std::int64_t rounded_up(std::int64_t value, std::int64_t by)
{
    return (value + by - 1) / by;
}

std::int64_t pages_of_chunk(const TableFacts &facts, std::int64_t chunk_rows)
{
    if (facts.rows <= 0 || facts.pages <= 0)
        return rounded_up(chunk_rows, most_rows_of_page); // fewer rows than asked for, and never more
    double const rows_of_page = static_cast<double>(facts.rows) / static_cast<double>(facts.pages);
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(chunk_rows) / rows_of_page));
}

constexpr std::int64_t most_places = 100'000; // of a table that is larger, chunks have more rows

std::string places(std::int64_t first, std::int64_t end, std::int64_t step)
{
    std::string all;
    step = std::max(step, (end - first) / most_places + 1);
    for (std::int64_t page = first; page < end; page += step)
        all += (all.empty() ? "[\"(" : "],[\"(") + std::to_string(page) + ",0)\"";
    return all.empty() ? "" : "[" + all + "]]";
}

// By statistics, as far as these tell ranges apart; one that is too large is cut when it is its turn.
void cut_by_statistics(Cuts &cuts, const TableFacts &facts, std::int64_t chunk_rows)
{
    std::int64_t const parts = facts.bound_count - 1, chunks = rounded_up(facts.rows, chunk_rows);
    cuts.bounds = facts.bounds;
    cuts.step = std::max<std::int64_t>(1, parts / chunks);
    cuts.rows = facts.rows * cuts.step / parts;
}

} // namespace

std::string table_facts_statement(const model::TableName &table, const std::vector<std::string> &key)
{
    constexpr std::string_view text = "pg_catalog.text";
    std::string const first = literal(key.front());
    std::string const names = "ARRAY[" + list_of(key, literal) + "]";
    // as the planner does: the density at the last VACUUM or ANALYZE, and the pages that there are now
    auto const rows_of = [](const std::string &table) {
        return "CASE WHEN " + table + ".relpages > 0 AND " + table + ".reltuples >= 0 THEN " + table + ".reltuples / " +
               table + ".relpages * (pg_catalog.pg_relation_size(" + table +
               ".oid) / pg_catalog.current_setting('block_size')::integer) END";
    };
    return "SELECT c.relkind IN ('r', 'm') AND NOT c.relhassubclass"
           " AND pg_catalog.current_setting('server_version_num')::integer >= 140000,"
           " CASE WHEN c.relkind = 'p' THEN (SELECT CASE WHEN pg_catalog.bool_and(" +
           rows_of("p") + " IS NOT NULL) THEN sum(" + rows_of("p") +
           ") END FROM pg_catalog.pg_partition_tree(c.oid) t"
           " JOIN pg_catalog.pg_class p ON p.oid = t.relid AND t.isleaf)"
           " WHEN NOT c.relhassubclass THEN " +
           rows_of("c") +
           " END::bigint,"
           " pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::integer,"
           " coalesce(abs(s.correlation), 1) > 0.8 AND EXISTS (SELECT FROM pg_catalog.pg_index i"
           " JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam"
           " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
           " WHERE i.indrelid = c.oid AND m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL"
           " AND a.attname::" +
           std::string(text) + " = " + first +
           "),"
           " EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attnotnull"
           " AND a.attname::" +
           std::string(text) + " = ANY (" + names +
           ")),"
           " (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(b.bound) ORDER BY b.n) FROM"
           " unnest(s.histogram_bounds::text::text[]) WITH ORDINALITY b(bound, n)),"
           " pg_catalog.array_length(s.histogram_bounds::text::text[], 1)"
           " FROM (SELECT) one LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
           " AND n.nspname::" +
           std::string(text) + " = " + literal(table.schema) + ") ON c.relname::" + std::string(text) + " = " +
           literal(table.name) +
           " LEFT JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname"
           " AND s.attname::" +
           std::string(text) + " = " + first + " AND s.inherited = (c.relkind = 'p')";
}

TableFacts table_facts(const std::vector<std::string> &row)
{
    auto const number = [&](std::size_t column, std::int64_t without) {
        return row.at(column).empty() ? without : std::stoll(row[column]);
    };
    TableFacts facts;
    facts.has_places = row.at(0) == "t";
    facts.rows = number(1, -1);
    facts.pages = number(2, 0);
    facts.key_serves = row.at(3) == "t";
    facts.may_have_null = row.at(4) != "f";
    facts.bounds = row.at(5);
    facts.bound_count = number(6, 0);
    if (facts.rows == 0 && facts.pages > 0)
        facts.rows = -1;
    return facts;
}

Cuts plan_cuts(const TableFacts &facts, bool key_is_ordered, std::int64_t chunk_rows)
{
    Cuts cuts;
    if (facts.rows >= 0 && facts.rows <= chunk_rows)
        return cuts;
    if (facts.has_places && (!facts.key_serves || !key_is_ordered)) {
        std::int64_t const each = pages_of_chunk(facts, chunk_rows);
        cuts.bounds = places(each, facts.pages, each);
        if (!cuts.bounds.empty())
            cuts.by = CutBy::place;
        return cuts;
    }
    if (!key_is_ordered)
        return cuts;
    cuts.by = CutBy::key;
    cuts.null_keys = facts.may_have_null;
    cuts.counts = facts.rows < 0 || facts.bound_count < 3;
    if (!cuts.counts)
        cut_by_statistics(cuts, facts, chunk_rows);
    return cuts;
}

std::string cuts_statement(const std::string &select, const std::vector<std::string> &key, const Range &range,
                           std::int64_t chunk_rows)
{
    std::vector<std::string> texts;
    for (const std::string &column : key)
        texts.push_back(identifier(column) + "::pg_catalog.text");
    std::string const columns = list_of(key, identifier), each = std::to_string(chunk_rows);
    std::string const has_key = "NOT (" + has_null(key) + ")", range_condition = in_range(key, range);
    return "SELECT coalesce(max(ds_surf_number), 0), coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(" +
           sqltext::join(texts, ", ") + ") ORDER BY ds_surf_number) FILTER (WHERE (ds_surf_number - 1) % " + each +
           " = 0 AND ds_surf_number > 1), '[]') FROM (SELECT " + columns + ", pg_catalog.row_number() OVER (ORDER BY " +
           columns + ") AS ds_surf_number" + rows_of(select) +
           where(range_condition.empty() ? has_key : has_key + " AND " + range_condition) + ") AS ds_surf_numbered";
}

std::string places_between(const std::string &lower, const TableFacts &facts, std::int64_t chunk_rows)
{
    std::int64_t const first = std::stoll(lower.substr(1)), each = pages_of_chunk(facts, chunk_rows);
    return facts.pages - first <= 2 * each ? "" : places(first + each, facts.pages, each);
}

std::string in_places(const std::string &select, const Pull &pull, const Range &range)
{
    std::vector<std::string> all;
    if (!range.lower.empty())
        all.push_back("ctid >= " + literal(range.lower.front()) + "::pg_catalog.tid");
    if (!range.upper.empty())
        all.push_back("ctid < " + literal(range.upper.front()) + "::pg_catalog.tid");
    if (all.empty())
        return select;
    return select + (pull.filter_at == 0 ? " WHERE " : " AND ") + sqltext::join(all, " AND ");
}

std::string in_keys(const std::string &select, const std::vector<std::string> &key, const Range &range, bool null_keys)
{
    std::string condition = in_range(key, range);
    if (null_keys && range.lower.empty() && !condition.empty())
        condition = "(" + condition + ") OR " + has_null(key);
    return condition.empty() ? select : "SELECT *" + rows_of(select) + where(condition);
}

} // namespace datasurface::ingest
