CREATE VIEW datasurface.datasets AS
SELECT s.name AS store, d.name AS dataset,
       CASE s.consistency WHEN 'multi' THEN s.name ELSE s.name || '#' || d.name END AS stream,
       d.definition ->> 'milestoning' AS milestoning,
       d.definition -> 'ingestion' ->> 'kind' AS ingestion,
       s.owner, s.schema_name,
       r.merge_table, r.history_table, r.staging_table, r.as_of_function,
       CASE WHEN r.merge_is_partitioned THEN (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(r.merge_oid) p)
            ELSE pg_catalog.pg_total_relation_size(r.merge_oid) END AS merge_bytes,
       CASE WHEN r.history_is_partitioned THEN (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(r.history_oid) p)
            ELSE pg_catalog.pg_total_relation_size(r.history_oid) END AS history_bytes,
       CASE WHEN r.staging_is_partitioned THEN (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(r.staging_oid) p)
            ELSE pg_catalog.pg_total_relation_size(r.staging_oid) END AS staging_bytes,
       d.reconciled_digest IS NOT DISTINCT FROM d.tables_digest AND coalesce(r.all_there, false) AS reconciled
FROM datasurface.dataset d
JOIN datasurface.store s USING (store_id)
-- not by to_regclass: that asks for a right on the schema, which those who only watch need not have
LEFT JOIN LATERAL (
    SELECT pg_catalog.max(x.name) FILTER (WHERE x.kind = 'merge') AS merge_table,
           pg_catalog.max(x.name) FILTER (WHERE x.kind = 'history') AS history_table,
           pg_catalog.max(x.name) FILTER (WHERE x.kind = 'staging') AS staging_table,
           pg_catalog.max(x.name) FILTER (WHERE x.kind = 'as_of') AS as_of_function,
           pg_catalog.max(c.oid) FILTER (WHERE x.kind = 'merge') AS merge_oid,
           pg_catalog.max(c.oid) FILTER (WHERE x.kind = 'history') AS history_oid,
           pg_catalog.max(c.oid) FILTER (WHERE x.kind = 'staging') AS staging_oid,
           pg_catalog.bool_or(c.relkind = 'p') FILTER (WHERE x.kind = 'merge') AS merge_is_partitioned,
           pg_catalog.bool_or(c.relkind = 'p') FILTER (WHERE x.kind = 'history') AS history_is_partitioned,
           pg_catalog.bool_or(c.relkind = 'p') FILTER (WHERE x.kind = 'staging') AS staging_is_partitioned,
           pg_catalog.bool_and(coalesce(c.relkind IN ('r', 'p'), false)) FILTER (WHERE x.kind <> 'as_of') AS all_there
    FROM datasurface.relation x
    LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = x.schema_name::name
    LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = x.name::name AND x.kind <> 'as_of'
    WHERE x.dataset_id = d.dataset_id AND x.kind IN ('merge', 'history', 'staging', 'as_of')) r ON true
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
COMMENT ON COLUMN datasurface.datasets.reconciled IS 'are the tables there, and do they match the model?';
GRANT SELECT ON datasurface.datasets TO pg_monitor;
