#include "ingest/plan_window_sql.hpp"

#include "base/time_text.hpp"
#include "shape/condition.hpp"
#include "shape/names.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

namespace {

using model::MarkType;
using model::Watermark;

// How far local times go back in autumn, in microseconds: an hour, or thirty minutes, and in Antarctica/Troll two hours.
constexpr std::int64_t longest_step_back = INT64_C(7'200'000'000);
constexpr std::int64_t circle = INT64_C(1) << 32; // of transaction numbers

bool has_summer_time(const std::string &zone)
{
    return zone != "UTC" && zone != "GMT" && zone != "Etc/UTC";
}

// A constant of the type of the marks, so that an index serves and a foreign server can be asked.
std::string constant(const Watermark &watermark, std::int64_t mark)
{
    if (!model::is_time(watermark.type))
        return sqltext::literal(std::to_string(mark)) + "::pg_catalog.int8";
    std::string const time = sqltext::literal(time_text(mark)) + "::pg_catalog.timestamptz";
    if (watermark.type == MarkType::timestamptz)
        return time;
    std::string const local = "pg_catalog.timezone(" + sqltext::literal(watermark.time_zone) + ", " + time + ")";
    return watermark.type == MarkType::timestamp ? local : "(" + local + ")::pg_catalog.date";
}

std::string lower_bound(const Watermark &watermark, std::int64_t from)
{
    if (watermark.type == MarkType::xmin)
        return "(" + std::string(mark_column) + " - " + std::to_string(from % circle) + " + " + std::to_string(circle) +
               ") % " + std::to_string(circle) + " < " + std::to_string(circle / 2);
    // in autumn local times come twice
    bool const twice = !watermark.time_zone.empty() && has_summer_time(watermark.time_zone);
    return std::string(mark_column) + " >= " + constant(watermark, twice ? from - longest_step_back : from);
}

// Rows that no mark orders.
std::string unordered(const Watermark &watermark)
{
    if (watermark.type == MarkType::xmin)
        return "";
    std::string const infinite =
        model::is_time(watermark.type) ? " OR " + std::string(mark_column) + " = '-infinity'" : "";
    return (watermark.nulls == model::NullMarks::ignore ? "" : " OR " + std::string(mark_column) + " IS NULL") +
           infinite;
}

std::string in_window(const Watermark &watermark, const Window &window)
{
    return "(" + lower_bound(watermark, *window.from) + unordered(watermark) + ")";
}

std::string rows_of(const std::string &select)
{
    return " FROM (\n" + select + "\n) AS ds_surf_rows";
}

std::string where(const std::vector<std::string> &conditions)
{
    return conditions.empty() ? "" : " WHERE " + sqltext::join(conditions, " AND ");
}

} // namespace

std::string extra_columns(const Watermark &watermark)
{
    std::string const mark = watermark.type == MarkType::xmin ? "xmin::pg_catalog.text::pg_catalog.int8"
                                                              : sqltext::identifier(watermark.column);
    std::string const columns = ", " + mark + " AS " + mark_column;
    if (watermark.deleted_when.empty())
        return columns;
    return columns + ", " + shape::condition_sql(watermark.deleted_when) + " AS " + sqltext::identifier(shape::deleted);
}

std::string select_of(const Watermark &watermark, const Window &window, const std::string &select)
{
    std::vector<std::string> conditions;
    if (!window.is_whole())
        conditions.push_back(in_window(watermark, window));
    else if (!watermark.deleted_when.empty())
        conditions.push_back(sqltext::identifier(shape::deleted) + " IS NOT TRUE");
    if (window.ends_below && window.to)
        conditions.push_back("(" + std::string(mark_column) + " < " + constant(watermark, *window.to) + " OR " +
                             mark_column + " IS NULL)");
    return conditions.empty() ? select : "SELECT *" + rows_of(select) + where(conditions);
}

namespace {

std::string number_of(const Watermark &watermark, const std::string &mark)
{
    if (!model::is_time(watermark.type))
        return "(" + mark + ")::pg_catalog.int8";
    std::string const time = watermark.type == MarkType::timestamptz
                                 ? mark
                                 : "pg_catalog.timezone(" + sqltext::literal(watermark.time_zone) + ", (" + mark +
                                       ")::pg_catalog.timestamp)";
    return "(extract(epoch FROM " + time + ") * 1000000)::pg_catalog.int8";
}

} // namespace

std::string select_of_seen_marks(const Watermark &watermark, const Window &window, const std::string &select)
{
    std::string filter;
    if (model::is_time(watermark.type))
        filter = " FILTER (WHERE pg_catalog.isfinite(" + std::string(mark_column) + ")" +
                 (window.to ? " AND " + std::string(mark_column) + " <= " + constant(watermark, *window.to) : "") + ")";
    std::vector<std::string> conditions;
    if (!window.is_whole())
        conditions.push_back(in_window(watermark, window));
    return "SELECT " + number_of(watermark, "pg_catalog.max(" + std::string(mark_column) + ")" + filter) +
           ", coalesce(pg_catalog.bool_or(" + mark_column + " IS NULL), false)" + rows_of(select) + where(conditions);
}

std::string foreign_part_statement(const Watermark &watermark, const model::TableName &table)
{
    bool const is_xmin = watermark.type == MarkType::xmin;
    bool const by_transaction = watermark.stamped_by == model::StampedBy::transaction && watermark.overlap.empty();
    if (table.name.empty() || !(is_xmin || by_transaction))
        return "";
    return "WITH RECURSIVE part(oid) AS (SELECT c.oid FROM pg_catalog.pg_class c"
           " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname::pg_catalog.text = " +
           sqltext::literal(table.schema) + " AND c.relname::pg_catalog.text = " + sqltext::literal(table.name) +
           " UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN part p ON i.inhparent = p.oid)"
           " SELECT (SELECT c.relname FROM part JOIN pg_catalog.pg_class c USING (oid) WHERE c.relkind " +
           (is_xmin ? "NOT IN ('r', 'p', 'm')" : "= 'f'") + " ORDER BY 1 LIMIT 1)";
}

} // namespace datasurface::ingest
