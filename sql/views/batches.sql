CREATE VIEW datasurface.batches AS
SELECT t.name AS stream, b.batch_id AS batch, b.state, b.started_at, b.ingested_at, b.finished_at,
       d.staged, d.inserted, d.updated, d.deleted, d.unchanged, d.ingest_time, d.merge_time,
       r.run_ids, b.error_step, b.error_sqlstate, b.error_message, b.error_detail, b.error_hint,
       b.held_at,
       CASE b.state WHEN 'held' THEN (
           SELECT pg_catalog.string_agg(f.message, E'\n' ORDER BY f.kind, d.name, f.rule)
           FROM datasurface.batch_finding f JOIN datasurface.dataset d USING (dataset_id)
           WHERE f.stream_id = b.stream_id AND f.batch_id = b.batch_id AND f.action IN ('hold', 'fail')) END AS held_because,
       e.decided_by, e.decided_at, e.decision, e.reason,
       b.source_system, b.source_timeline, b.source_lsn, b.received_bytes
FROM datasurface.batch b
JOIN datasurface.stream t USING (stream_id)
LEFT JOIN LATERAL (
    SELECT pg_catalog.sum(x.staged)::bigint AS staged, pg_catalog.sum(x.inserted)::bigint AS inserted,
           pg_catalog.sum(x.updated)::bigint AS updated, pg_catalog.sum(x.deleted)::bigint AS deleted,
           pg_catalog.sum(x.unchanged)::bigint AS unchanged,
           pg_catalog.sum(x.ingest_time) AS ingest_time, pg_catalog.sum(x.merge_time) AS merge_time
    FROM datasurface.batch_dataset x WHERE x.stream_id = b.stream_id AND x.batch_id = b.batch_id) d ON true
LEFT JOIN LATERAL (
    SELECT pg_catalog.array_agg(y.run_id ORDER BY y.recorded_at, y.run_id) AS run_ids
    FROM datasurface.batch_run y WHERE y.stream_id = b.stream_id AND y.batch_id = b.batch_id) r ON true
LEFT JOIN LATERAL (
    SELECT z.decided_by, z.decided_at, z.decision, z.reason FROM datasurface.batch_decision z
    WHERE z.stream_id = b.stream_id AND z.batch_id = b.batch_id ORDER BY z.decided_at DESC LIMIT 1) e ON true;
COMMENT ON VIEW datasurface.batches IS 'batches with their counts, times, errors and decisions. A run without a run_id that found nothing changed has no batch';
COMMENT ON COLUMN datasurface.batches.stream IS 'stream of the batch';
COMMENT ON COLUMN datasurface.batches.batch IS 'number of the batch';
COMMENT ON COLUMN datasurface.batches.state IS 'started, ingested, held, failed, committed or discarded';
COMMENT ON COLUMN datasurface.batches.started_at IS 'when it began, or last began anew';
COMMENT ON COLUMN datasurface.batches.ingested_at IS 'when its rows were staged';
COMMENT ON COLUMN datasurface.batches.finished_at IS 'when it was committed, failed or discarded; of committed batches it rises strictly within the stream';
COMMENT ON COLUMN datasurface.batches.staged IS 'rows staged';
COMMENT ON COLUMN datasurface.batches.inserted IS 'keys that were not there before';
COMMENT ON COLUMN datasurface.batches.updated IS 'keys whose values changed';
COMMENT ON COLUMN datasurface.batches.deleted IS 'keys that are no longer there';
COMMENT ON COLUMN datasurface.batches.unchanged IS 'keys whose row was not written';
COMMENT ON COLUMN datasurface.batches.ingest_time IS 'time that staging took, all datasets';
COMMENT ON COLUMN datasurface.batches.merge_time IS 'time that merging took, all datasets';
COMMENT ON COLUMN datasurface.batches.run_ids IS 'run ids that belong to it';
COMMENT ON COLUMN datasurface.batches.error_step IS 'of a failed batch: ingest, merge, checks or references, with the dataset if it is known, or operator';
COMMENT ON COLUMN datasurface.batches.error_sqlstate IS 'of a failed batch: SQLSTATE';
COMMENT ON COLUMN datasurface.batches.error_message IS 'of a failed batch: message';
COMMENT ON COLUMN datasurface.batches.error_detail IS 'of a failed batch: detail, such as the failing key';
COMMENT ON COLUMN datasurface.batches.error_hint IS 'of a failed batch: hint';
COMMENT ON COLUMN datasurface.batches.held_at IS 'of a held batch: since when';
COMMENT ON COLUMN datasurface.batches.held_because IS 'of a held batch: brakes, checks and references that stopped it, in words, one line each';
COMMENT ON COLUMN datasurface.batches.decided_by IS 'role that decided last what becomes of the batch when it is held; batch_decisions has all';
COMMENT ON COLUMN datasurface.batches.decided_at IS 'when';
COMMENT ON COLUMN datasurface.batches.decision IS 'release, discard or replace';
COMMENT ON COLUMN datasurface.batches.reason IS 'reason that was given';
COMMENT ON COLUMN datasurface.batches.source_system IS 'system identifier of the source whose snapshot the rows are of; NULL if they are none of a source';
COMMENT ON COLUMN datasurface.batches.source_timeline IS 'timeline of that snapshot';
COMMENT ON COLUMN datasurface.batches.source_lsn IS 'position in the WAL of that snapshot, or a little later';
COMMENT ON COLUMN datasurface.batches.received_bytes IS 'bytes that came from the source';
GRANT SELECT ON datasurface.batches TO pg_monitor;
