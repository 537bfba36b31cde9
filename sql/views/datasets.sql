CREATE VIEW datasurface.datasets AS
SELECT s.name AS store, d.name AS dataset,
       CASE s.consistency WHEN 'multi' THEN s.name ELSE s.name || '#' || d.name END AS stream,
       d.definition ->> 'milestoning' AS milestoning,
       d.definition -> 'ingestion' ->> 'kind' AS ingestion,
       s.owner, s.schema_name,
       m.name AS merge_table, h.name AS history_table, g.name AS staging_table, f.name AS as_of_function,
       mz.bytes AS merge_bytes,
       hz.bytes AS history_bytes,
       gz.bytes AS staging_bytes,
       d.reconciled_digest IS NOT DISTINCT FROM d.tables_digest
           AND (m.name IS NULL OR coalesce(mc.relkind IN ('r', 'p'), false))
           -- a unique index on the key or a part of it; a table that is partitioned by other columns cannot have one
           AND (m.name IS NULL OR mc.relkind = 'p' OR EXISTS (
               SELECT FROM pg_catalog.pg_index i
               WHERE i.indrelid = mc.oid AND i.indisunique AND NOT i.indisexclusion AND i.indisvalid AND i.indpred IS NULL
                 AND NOT EXISTS (SELECT FROM pg_catalog.unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) k
                                 LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = mc.oid AND a.attnum = k
                                 WHERE k = 0 OR NOT d.definition -> 'primary_key' ? a.attname::text)))
           AND (h.name IS NULL OR coalesce(hc.relkind IN ('r', 'p'), false))
           AND (g.name IS NULL OR coalesce(gc.relkind IN ('r', 'p'), false)) AS reconciled
FROM datasurface.dataset d
JOIN datasurface.store s USING (store_id)
LEFT JOIN datasurface.relation m ON m.dataset_id = d.dataset_id AND m.kind = 'merge'
LEFT JOIN datasurface.relation h ON h.dataset_id = d.dataset_id AND h.kind = 'history'
LEFT JOIN datasurface.relation g ON g.dataset_id = d.dataset_id AND g.kind = 'staging'
LEFT JOIN datasurface.relation f ON f.dataset_id = d.dataset_id AND f.kind = 'as_of'
-- not by to_regclass, which needs a right on the schema; members of pg_monitor may have none
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema_name::name
LEFT JOIN pg_catalog.pg_class mc ON mc.relnamespace = n.oid AND mc.relname = m.name::name
LEFT JOIN pg_catalog.pg_class hc ON hc.relnamespace = n.oid AND hc.relname = h.name::name
LEFT JOIN pg_catalog.pg_class gc ON gc.relnamespace = n.oid AND gc.relname = g.name::name
-- with max() of one row the planner leaves out the sizes that a query does not read
LEFT JOIN LATERAL (SELECT pg_catalog.max(b.bytes) AS bytes FROM (SELECT CASE mc.relkind
    WHEN 'p' THEN (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(mc.oid) p)
    ELSE pg_catalog.pg_total_relation_size(mc.oid) END AS bytes) b) mz ON true
LEFT JOIN LATERAL (SELECT pg_catalog.max(b.bytes) AS bytes FROM (SELECT CASE hc.relkind
    WHEN 'p' THEN (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(hc.oid) p)
    ELSE pg_catalog.pg_total_relation_size(hc.oid) END AS bytes) b) hz ON true
LEFT JOIN LATERAL (SELECT pg_catalog.max(b.bytes) AS bytes FROM (SELECT CASE gc.relkind
    WHEN 'p' THEN (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(gc.oid) p)
    ELSE pg_catalog.pg_total_relation_size(gc.oid) END AS bytes) b) gz ON true
WHERE d.in_model;
COMMENT ON VIEW datasurface.datasets IS 'datasets of the model: where their rows are, and how large';
COMMENT ON COLUMN datasurface.datasets.store IS 'data store';
COMMENT ON COLUMN datasurface.datasets.dataset IS 'dataset';
COMMENT ON COLUMN datasurface.datasets.stream IS 'stream that its batches run on';
COMMENT ON COLUMN datasurface.datasets.milestoning IS 'live: current rows only; milestoned: closed versions too';
COMMENT ON COLUMN datasurface.datasets.ingestion IS 'how its rows arrive: push or sql_snapshot';
COMMENT ON COLUMN datasurface.datasets.owner IS 'role that owns its tables';
COMMENT ON COLUMN datasurface.datasets.schema_name IS 'schema of its tables';
COMMENT ON COLUMN datasurface.datasets.merge_table IS 'table of its current rows; NULL before ds_reconcile_schema made it';
COMMENT ON COLUMN datasurface.datasets.history_table IS 'table of its closed versions';
COMMENT ON COLUMN datasurface.datasets.staging_table IS 'table of its incoming rows';
COMMENT ON COLUMN datasurface.datasets.as_of_function IS 'function that returns its rows as of a batch';
COMMENT ON COLUMN datasurface.datasets.merge_bytes IS 'size of the merge table with its indexes and TOAST';
COMMENT ON COLUMN datasurface.datasets.history_bytes IS 'size of the history table with its indexes and TOAST';
COMMENT ON COLUMN datasurface.datasets.staging_bytes IS 'size of the staging table with its TOAST';
COMMENT ON COLUMN datasurface.datasets.reconciled IS 'true if its tables were made by the current model, all exist, and the merge table has its key. Other changes by hand are found by ds_reconcile_schema';
GRANT SELECT ON datasurface.datasets TO pg_monitor;
