CREATE VIEW datasurface.orphans AS
SELECT s.name AS store, d.name AS dataset, s.in_model AS store_in_model, s.owner,
       r.relations, r.bytes,
       pg_catalog.format('SELECT * FROM datasurface.ds_drop_dataset(%L, %L, confirm => %L)', s.name, d.name, s.name || '.' || d.name) AS help
FROM datasurface.dataset d
JOIN datasurface.store s USING (store_id)
CROSS JOIN LATERAL (
    SELECT pg_catalog.array_agg(pg_catalog.format('%I.%I', t.schema_name, t.name) ORDER BY t.schema_name, t.name) AS relations,
           coalesce(pg_catalog.sum(z.bytes) FILTER (WHERE t.kind IN ('merge', 'history', 'staging')), 0)::bigint AS bytes
    FROM datasurface.relation t
    LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema_name::name
    LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name::name AND c.relkind IN ('r', 'p')
    LEFT JOIN LATERAL (SELECT CASE c.relkind
        WHEN 'p' THEN (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(c.oid) p)
        ELSE pg_catalog.pg_total_relation_size(c.oid) END AS bytes) z ON true
    WHERE t.dataset_id = d.dataset_id AND t.kind IN ('merge', 'history', 'staging', 'view', 'full_view')) r
WHERE NOT d.in_model AND r.relations IS NOT NULL;
COMMENT ON VIEW datasurface.orphans IS 'datasets that have left the model, and whose tables are still there';
COMMENT ON COLUMN datasurface.orphans.store IS 'data store';
COMMENT ON COLUMN datasurface.orphans.dataset IS 'dataset';
COMMENT ON COLUMN datasurface.orphans.store_in_model IS 'false if the whole store has left the model';
COMMENT ON COLUMN datasurface.orphans.owner IS 'role whose members may drop it';
COMMENT ON COLUMN datasurface.orphans.relations IS 'its tables, and the consumers'' views on them';
COMMENT ON COLUMN datasurface.orphans.bytes IS 'size of its tables with their indexes and TOAST';
COMMENT ON COLUMN datasurface.orphans.help IS 'statement that drops it';
GRANT SELECT ON datasurface.orphans TO pg_monitor;
