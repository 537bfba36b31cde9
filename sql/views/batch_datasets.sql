CREATE VIEW datasurface.batch_datasets AS
SELECT t.name AS stream, x.batch_id AS batch, d.name AS dataset, b.state,
       x.staged, x.inserted, x.updated, x.deleted, x.unchanged, x.surplus, x.ingest_time, x.merge_time,
       x.engine, x.engine_reason, x.workers, x.way, x.way_reason, x.received_bytes, x.mode,
       CASE WHEN d.definition #>> '{ingestion,watermark,type}' IN ('date', 'timestamp', 'timestamptz')
            THEN (timestamptz 'epoch' + x.mark * interval '1 microsecond')::text ELSE x.mark::text END AS mark,
       x.mark_held_by, x.why_whole, x.looked_up
FROM datasurface.batch_dataset x
JOIN datasurface.batch b USING (stream_id, batch_id)
JOIN datasurface.stream t USING (stream_id)
JOIN datasurface.dataset d ON d.dataset_id = x.dataset_id;
COMMENT ON VIEW datasurface.batch_datasets IS 'what each batch did to each of its datasets';
COMMENT ON COLUMN datasurface.batch_datasets.stream IS 'stream of the batch';
COMMENT ON COLUMN datasurface.batch_datasets.batch IS 'number of the batch';
COMMENT ON COLUMN datasurface.batch_datasets.dataset IS 'dataset';
COMMENT ON COLUMN datasurface.batch_datasets.state IS 'state of the batch';
COMMENT ON COLUMN datasurface.batch_datasets.staged IS 'rows staged or received';
COMMENT ON COLUMN datasurface.batch_datasets.inserted IS 'keys that were not there before';
COMMENT ON COLUMN datasurface.batch_datasets.updated IS 'keys whose values changed';
COMMENT ON COLUMN datasurface.batch_datasets.deleted IS 'keys that are no longer there';
COMMENT ON COLUMN datasurface.batch_datasets.unchanged IS 'keys whose row was not written';
COMMENT ON COLUMN datasurface.batch_datasets.surplus IS 'staged rows that a later row of the same key replaced';
COMMENT ON COLUMN datasurface.batch_datasets.ingest_time IS 'time that staging took; NULL of rows that were compared as they arrived';
COMMENT ON COLUMN datasurface.batch_datasets.merge_time IS 'time that the merge took';
COMMENT ON COLUMN datasurface.batch_datasets.engine IS 'engine that merged it: native or sql';
COMMENT ON COLUMN datasurface.batch_datasets.engine_reason IS 'why sql and not native, or why fewer parallel workers than datasurface.merge_workers';
COMMENT ON COLUMN datasurface.batch_datasets.workers IS 'parallel workers that took part in the comparison';
COMMENT ON COLUMN datasurface.batch_datasets.way IS 'staged: all rows were written to the staging table first; straight: they were compared as they arrived';
COMMENT ON COLUMN datasurface.batch_datasets.way_reason IS 'of a pull by ds_run: why its rows were staged, and not compared as they arrived. NULL of pushes, of ds_ingest, and where the batch is compared with one that was held or begins anew';
COMMENT ON COLUMN datasurface.batch_datasets.received_bytes IS 'bytes of its rows that came from the source; NULL of rows of this database. Their number is staged';
COMMENT ON COLUMN datasurface.batch_datasets.mode IS 'snapshot: a row whose key is not staged has vanished; window: it stays, and a staged row may be a delete';
COMMENT ON COLUMN datasurface.batch_datasets.mark IS 'of a pull with a watermark: the mark that it leaves, as in datasets.mark; NULL: the next pull is whole';
COMMENT ON COLUMN datasurface.batch_datasets.mark_held_by IS 'why that mark is not what the clock of the source says; NULL if it is';
COMMENT ON COLUMN datasurface.batch_datasets.why_whole IS 'of a pull with a watermark: why it took all rows; NULL of a window';
COMMENT ON COLUMN datasurface.batch_datasets.looked_up IS 'of a window that the native engine merged: true if it looked the keys up in the index of the merge table, false if it read that table';
GRANT SELECT ON datasurface.batch_datasets TO pg_monitor;
