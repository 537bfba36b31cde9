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
           AND (g.name IS NULL OR coalesce(gc.relkind IN ('r', 'p'), false)) AS reconciled,
       coalesce(wt.mark::text, w.mark::text) AS mark,
       CASE WHEN w.mark IS NOT NULL THEN pg_catalog.now() - coalesce(wt.mark, w.advanced_at) END AS mark_age,
       d.definition #>> '{ingestion,watermark,overlap}' AS overlap,
       w.held_by AS mark_held_by, w.whole_at AS last_whole_at, w.why_whole,
       CASE WHEN w.next_whole IS NOT NULL THEN w.next_whole
            WHEN w.mark IS NULL AND w.dataset_id IS NOT NULL THEN 'there is no mark yet'
            -- a length of more digits would be too large for an interval, and has not passed
            WHEN CASE WHEN pg_catalog.length(we.every) <= 9 THEN pg_catalog.now() - w.whole_at >= we.every::interval END
                THEN 'full_every has passed' END AS next_whole,
       w.window_rows, w.reread AS rows_reread
FROM datasurface.dataset d
JOIN datasurface.store s USING (store_id)
LEFT JOIN datasurface.relation m ON m.dataset_id = d.dataset_id AND m.kind = 'merge'
LEFT JOIN datasurface.relation h ON h.dataset_id = d.dataset_id AND h.kind = 'history'
LEFT JOIN datasurface.relation g ON g.dataset_id = d.dataset_id AND g.kind = 'staging'
LEFT JOIN datasurface.relation f ON f.dataset_id = d.dataset_id AND f.kind = 'as_of'
LEFT JOIN datasurface.watermark w ON w.dataset_id = d.dataset_id
CROSS JOIN LATERAL (SELECT CASE WHEN d.definition #>> '{ingestion,watermark,type}' IN ('date', 'timestamp', 'timestamptz')
    THEN timestamptz 'epoch' + w.mark * interval '1 microsecond' END AS mark) wt
CROSS JOIN LATERAL (SELECT d.definition #>> '{ingestion,watermark,full_every}' AS every) we
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
COMMENT ON COLUMN datasurface.datasets.ingestion IS 'how its rows arrive: push, sql_snapshot or sql_watermark';
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
COMMENT ON COLUMN datasurface.datasets.mark IS 'of sql_watermark: where the next window begins, before the overlap is taken off: a time, in the time zone of the session, a number, or a transaction. NULL: the next pull is whole';
COMMENT ON COLUMN datasurface.datasets.mark_age IS 'how long ago that time is; of a number or transaction, how long ago the mark last changed';
COMMENT ON COLUMN datasurface.datasets.overlap IS 'how far below the mark a window begins; NULL if the model says nothing of it';
COMMENT ON COLUMN datasurface.datasets.mark_held_by IS 'why the last run left the mark where it was, or could not raise it to the clock of the source; NULL: nothing held it';
COMMENT ON COLUMN datasurface.datasets.last_whole_at IS 'of sql_watermark: when the last pull of all rows was committed';
COMMENT ON COLUMN datasurface.datasets.why_whole IS 'why that pull took all rows';
COMMENT ON COLUMN datasurface.datasets.next_whole IS 'why the next pull takes all rows; NULL: it takes a window';
COMMENT ON COLUMN datasurface.datasets.window_rows IS 'rows of the last window; NULL if the last pull took all';
COMMENT ON COLUMN datasurface.datasets.rows_reread IS 'of these, rows that changed nothing: the overlap reads them again';
GRANT SELECT ON datasurface.datasets TO pg_monitor;
