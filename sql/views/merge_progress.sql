CREATE VIEW datasurface.merge_progress AS
SELECT m.pid, m.datid, b.datname, m.relid, r.relation,
       CASE d.consistency WHEN 'multi' THEN d.store WHEN 'single' THEN d.store || '#' || d.dataset END AS stream,
       d.dataset, m.batch, m.phase,
       m.blocks_total, m.blocks_done, m.rows_total, m.rows_done, m.changes_total, m.changes_done,
       m.spilled_bytes, m.workers, w.received_rows, w.received_bytes
FROM datasurface.ds_merge_progress() m
LEFT JOIN datasurface.ds_received() w ON w.pid = m.pid
LEFT JOIN pg_catalog.pg_database b ON b.oid = m.datid
-- an OID names another table in another database
LEFT JOIN LATERAL (
    SELECT n.nspname, c.relname, pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = m.relid AND b.datname = pg_catalog.current_database()) r ON true
LEFT JOIN LATERAL (
    SELECT s.consistency, s.name AS store, x.name AS dataset
    FROM datasurface.relation t
    JOIN datasurface.dataset x USING (dataset_id)
    JOIN datasurface.store s USING (store_id)
    WHERE t.kind = 'merge' AND t.schema_name = r.nspname AND t.name = r.relname) d ON true;
COMMENT ON VIEW datasurface.merge_progress IS 'running pulls, and merges of the native engine, on this server, and their progress';
COMMENT ON COLUMN datasurface.merge_progress.pid IS 'process of the backend';
COMMENT ON COLUMN datasurface.merge_progress.datid IS 'database that it is connected to';
COMMENT ON COLUMN datasurface.merge_progress.datname IS 'its name';
COMMENT ON COLUMN datasurface.merge_progress.relid IS 'merge table. NULL, like all following columns, if the reader may not see the other role''s session';
COMMENT ON COLUMN datasurface.merge_progress.relation IS 'its name with its schema; NULL in another database';
COMMENT ON COLUMN datasurface.merge_progress.stream IS 'stream of the batch; NULL in another database';
COMMENT ON COLUMN datasurface.merge_progress.dataset IS 'dataset; NULL in another database';
COMMENT ON COLUMN datasurface.merge_progress.batch IS 'number of the batch';
COMMENT ON COLUMN datasurface.merge_progress.phase IS 'comparing tables, finding duplicate keys, joining spilled rows, confirming changes, deleting, updating, inserting; receiving rows, of a pull; or loading staged rows into an empty merge table';
COMMENT ON COLUMN datasurface.merge_progress.blocks_total IS 'blocks of staging and merge table; NULL while loading';
COMMENT ON COLUMN datasurface.merge_progress.blocks_done IS 'of these, read by the comparison';
COMMENT ON COLUMN datasurface.merge_progress.rows_total IS 'rows staged and, as the planner estimates, rows in the merge table';
COMMENT ON COLUMN datasurface.merge_progress.rows_done IS 'of these, read';
COMMENT ON COLUMN datasurface.merge_progress.changes_total IS 'rows that seem changed, while confirming; then rows to delete, update and insert';
COMMENT ON COLUMN datasurface.merge_progress.changes_done IS 'of these, looked at; then written';
COMMENT ON COLUMN datasurface.merge_progress.spilled_bytes IS 'written to temporary files by the comparison, in all its processes';
COMMENT ON COLUMN datasurface.merge_progress.workers IS 'parallel workers that take part in the comparison';
COMMENT ON COLUMN datasurface.merge_progress.received_rows IS 'rows of a pull that have come so far. NULL if they are not counted: nothing was pulled, or an INSERT stages them';
COMMENT ON COLUMN datasurface.merge_progress.received_bytes IS 'bytes that have come from the source so far; NULL of rows of this database';
GRANT SELECT ON datasurface.merge_progress TO pg_monitor;
