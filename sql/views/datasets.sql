CREATE VIEW datasurface.datasets AS
SELECT s.name AS store, d.name AS dataset,
       CASE s.consistency WHEN 'multi' THEN s.name ELSE s.name || '#' || d.name END AS stream,
       d.definition ->> 'milestoning' AS milestoning,
       d.definition -> 'ingestion' ->> 'kind' AS ingestion,
       s.owner, s.schema_name,
       r.merge_table, r.history_table, r.staging_table, r.as_of_function,
       z.merge_bytes,
       z.history_bytes,
       z.staging_bytes,
       d.reconciled_digest IS NOT DISTINCT FROM d.definition_digest AS reconciled
FROM datasurface.dataset d
JOIN datasurface.store s USING (store_id)
LEFT JOIN LATERAL (
    SELECT pg_catalog.max(x.name) FILTER (WHERE x.kind = 'merge') AS merge_table,
           pg_catalog.max(x.name) FILTER (WHERE x.kind = 'history') AS history_table,
           pg_catalog.max(x.name) FILTER (WHERE x.kind = 'staging') AS staging_table,
           pg_catalog.max(x.name) FILTER (WHERE x.kind = 'as_of') AS as_of_function
    FROM datasurface.relation x WHERE x.dataset_id = d.dataset_id) r ON true
-- not by to_regclass: that asks for a right on the schema, which those who only watch need not have
LEFT JOIN LATERAL (
    SELECT pg_catalog.max(b.bytes) FILTER (WHERE c.relname = r.merge_table) AS merge_bytes,
           pg_catalog.max(b.bytes) FILTER (WHERE c.relname = r.history_table) AS history_bytes,
           pg_catalog.max(b.bytes) FILTER (WHERE c.relname = r.staging_table) AS staging_bytes
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.pg_total_relation_size(c.oid) + coalesce(pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid)), 0)::bigint AS bytes
        FROM pg_catalog.pg_partition_tree(c.oid) p WHERE p.relid <> c.oid) b
    WHERE n.nspname = s.schema_name::name
      AND c.relname IN (r.merge_table::name, r.history_table::name, r.staging_table::name)) z ON true
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
COMMENT ON COLUMN datasurface.datasets.as_of_function IS 'function that gives its rows as of a batch';
COMMENT ON COLUMN datasurface.datasets.merge_bytes IS 'size of the merge table with its indexes and TOAST';
COMMENT ON COLUMN datasurface.datasets.history_bytes IS 'size of the history table with its indexes and TOAST';
COMMENT ON COLUMN datasurface.datasets.staging_bytes IS 'size of the staging table with its TOAST';
COMMENT ON COLUMN datasurface.datasets.reconciled IS 'do the tables match the model?';
GRANT SELECT ON datasurface.datasets TO pg_monitor;
