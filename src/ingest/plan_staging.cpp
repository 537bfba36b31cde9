#include "ingest/plan_staging.hpp"

namespace datasurface::ingest {

namespace {

std::string columns(const shape::Shape &shape, const std::string &prefix)
{
    std::vector<std::string> names;
    for (const std::string &name : shape.column_names())
        names.push_back(prefix + sqltext::identifier(name));
    return sqltext::join(names, ", ");
}

} // namespace

sqltext::Statement plan_select(const shape::Shape &shape, const std::string &query)
{
    // on lines of its own: the query may end in a comment
    return {"select", "SELECT " + columns(shape, "ds_surf_query.") + " FROM (\n" + query + "\n) AS ds_surf_query", {}};
}

sqltext::Statement plan_fill(const shape::Shape &shape, const std::string &query)
{
    return {"fill",
            "INSERT INTO " + shape.names.staging.sql() + " (" + columns(shape, "") + ") " +
                plan_select(shape, query).text,
            {}};
}

sqltext::Statement plan_touch_sources(const std::string &query)
{
    // with its columns: planning them locks the tables that only they read
    return {"touch_sources", "SELECT * FROM (\n" + query + "\n) AS ds_surf_query LIMIT 0", {}};
}

sqltext::Statement plan_last_arrival(const shape::Shape &shape)
{
    return {"last_arrival",
            "SELECT currval(pg_get_serial_sequence($1, $2))",
            {shape.names.staging.sql(), std::string(shape::arrival)}};
}

sqltext::Statement plan_keep_writers_out(const shape::Shape &shape)
{
    return {"keep_writers_out", "LOCK TABLE " + shape.names.staging.sql() + " IN SHARE MODE", {}};
}

sqltext::Statement plan_count(const sqltext::Qualified &staging)
{
    return {"count",
            "SELECT count(*), coalesce(max(" + sqltext::identifier(shape::arrival) + "), 0) FROM " + staging.sql(),
            {}};
}

sqltext::Statement plan_given_arrivals(const shape::Shape &shape)
{
    return {"given_arrivals",
            "SELECT CASE WHEN s.name IS NOT NULL THEN coalesce(pg_sequence_last_value(s.name::regclass), 0) END"
            " FROM (SELECT pg_get_serial_sequence($1, $2)) AS s(name)",
            {shape.names.staging.sql(), std::string(shape::arrival)}};
}

sqltext::Statement plan_delete(const sqltext::Qualified &staging, std::int64_t last_arrival)
{
    return {"delete_staged",
            "DELETE FROM " + staging.sql() + " WHERE " + sqltext::identifier(shape::arrival) + " <= $1",
            {last_arrival}};
}

sqltext::Statement plan_truncate(const sqltext::Qualified &staging)
{
    return {"truncate_staging", "TRUNCATE " + staging.sql(), {}};
}

} // namespace datasurface::ingest
