#include "ingest/plan_mark_index.hpp"

#include "base/text.hpp"
#include "model/table_name.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

// Names are compared as text, so that none is cut.
std::string unindexed_pages_statement(const model::TableName &table, const std::string &column)
{
    return "SELECT coalesce(pg_catalog.sum(pg_catalog.pg_relation_size(t.oid))"
           " / pg_catalog.current_setting('block_size')::bigint, 0)::bigint"
           " FROM (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
           " WHERE n.nspname::text = " +
           sqltext::literal(table.schema) + " AND c.relname::text = " + sqltext::literal(table.name) +
           ") AS named, LATERAL (SELECT named.oid UNION"
           " SELECT p.relid FROM pg_catalog.pg_partition_tree(named.oid) p) AS part,"
           " LATERAL (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.oid = part.oid AND c.relkind IN ('r', 'm')) AS t"
           " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a"
           " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
           " WHERE i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL AND a.attname::text = " +
           sqltext::literal(column) + ")";
}

std::string unindexed_message(const model::TableName &table, const std::string &column, std::int64_t pages)
{
    return "each window reads all " + std::to_string(pages) + " pages of " + model::text_of(table) +
           ", because no index of it begins with column " + shown(column);
}

std::string unindexed_hint(const model::TableName &table, const std::string &column)
{
    return "CREATE INDEX ON " + sqltext::Qualified{table.schema, table.name}.sql() + " (" +
           sqltext::identifier(column) + ");";
}

} // namespace datasurface::ingest
