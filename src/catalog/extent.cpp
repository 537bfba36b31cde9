#include "catalog/extent.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

std::vector<StoreExtent> extents()
{
    pg::Rows const rows = pg::query(
        {"extents",
         "WITH d AS MATERIALIZED (SELECT d.store_id, d.name, d.definition ->> 'milestoning' = 'milestoned' AS kept"
         "  FROM datasurface.dataset d WHERE d.in_model),"
         " k AS (SELECT x.sink ->> 'store' AS store, x.sink ->> 'dataset' AS dataset FROM datasurface.workspace w,"
         "  jsonb_path_query(w.definition, '$.groups[*].sinks[*]') x(sink) WHERE w.in_model),"
         " sinks AS (SELECT s.store_id, count(*) FILTER (WHERE NOT d.kept) AS live,"
         "  count(*) FILTER (WHERE d.kept) AS kept FROM k JOIN datasurface.store s ON s.name = k.store"
         "  JOIN d ON d.store_id = s.store_id AND d.name = k.dataset GROUP BY s.store_id)"
         " SELECT s.name, s.consistency = 'multi', count(*) FILTER (WHERE NOT d.kept),"
         " count(*) FILTER (WHERE d.kept), coalesce(max(k.live), 0), coalesce(max(k.kept), 0)"
         " FROM datasurface.store s JOIN d USING (store_id) LEFT JOIN sinks k USING (store_id)"
         " WHERE s.in_model GROUP BY s.store_id ORDER BY s.name",
         {}});
    std::vector<StoreExtent> all;
    for (std::size_t row = 0; row < rows.size(); ++row)
        all.push_back({rows.text(row, 0), rows.boolean(row, 1), rows.bigint(row, 2), rows.bigint(row, 3),
                       rows.bigint(row, 4), rows.bigint(row, 5)});
    return all;
}

Present present()
{
    // The sizes are those that VACUUM or ANALYZE found: the size of a file would be asked for under a lock.
    pg::Rows const rows = pg::query(
        {"present",
         "SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
         "  LEFT JOIN datasurface.relation r ON r.schema_name = n.nspname AND r.name = c.relname"
         "   AND r.kind IN ('staging', 'sequence', 'merge', 'history', 'view', 'full_view')"
         "  WHERE c.relkind IN ('r', 'p', 'S', 'v', 'm', 'f') AND c.relpersistence <> 't' AND r.name IS NULL"
         "  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')),"
         " (SELECT count(*) FROM datasurface.dataset d JOIN datasurface.relation r USING (dataset_id)"
         "  WHERE d.in_model AND r.kind = 'merge'),"
         " (SELECT coalesce(sum(greatest(c.relpages, 0)), 0)::bigint * current_setting('block_size')::bigint FROM pg_class c"
         "  WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('pg_catalog', 'datasurface'))"
         "  AND c.relkind IN ('r', 'i'))",
         {}});
    return {rows.bigint(0, 0), rows.bigint(0, 1), rows.bigint(0, 2)};
}

} // namespace datasurface::catalog
