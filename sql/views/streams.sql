CREATE VIEW datasurface.streams AS
SELECT t.name AS stream, s.name AS store, s.consistency,
       o.batch_id AS open_batch, o.state AS open_state, o.error_sqlstate, o.error_message,
       c.batch_id AS committed_batch, c.finished_at AS committed_at,
       t.last_batch, t.checked_at, t.checks_without_batch,
       t.source_system, t.source_timeline, t.source_lsn
FROM datasurface.stream t
JOIN datasurface.store s USING (store_id)
LEFT JOIN datasurface.batch o ON o.stream_id = t.stream_id AND o.state NOT IN ('committed', 'discarded')
LEFT JOIN LATERAL (
    SELECT b.batch_id, b.finished_at FROM datasurface.batch b
    WHERE b.stream_id = t.stream_id AND b.state = 'committed'
    ORDER BY b.batch_id DESC LIMIT 1) c ON true
WHERE t.in_model;
COMMENT ON VIEW datasurface.streams IS 'streams of the model: the open batch and the last committed one';
COMMENT ON COLUMN datasurface.streams.stream IS 'store, or store#dataset';
COMMENT ON COLUMN datasurface.streams.store IS 'data store';
COMMENT ON COLUMN datasurface.streams.consistency IS 'multi: all datasets of the store commit in one batch; single: each on its own';
COMMENT ON COLUMN datasurface.streams.open_batch IS 'batch that is not committed yet';
COMMENT ON COLUMN datasurface.streams.open_state IS 'its state';
COMMENT ON COLUMN datasurface.streams.error_sqlstate IS 'SQLSTATE of the open batch, when it failed';
COMMENT ON COLUMN datasurface.streams.error_message IS 'message of the open batch, when it failed';
COMMENT ON COLUMN datasurface.streams.committed_batch IS 'newest committed batch';
COMMENT ON COLUMN datasurface.streams.committed_at IS 'when it was committed';
COMMENT ON COLUMN datasurface.streams.last_batch IS 'largest batch number used';
COMMENT ON COLUMN datasurface.streams.checked_at IS 'time of the newest commit, or of the newest run that found nothing changed; ds_batch_at answers for times up to it';
COMMENT ON COLUMN datasurface.streams.checks_without_batch IS 'number of runs without a run_id that found nothing changed, and recorded no batch';
COMMENT ON COLUMN datasurface.streams.source_system IS 'system identifier of the source at checked_at; NULL if the rows were none of a source';
COMMENT ON COLUMN datasurface.streams.source_timeline IS 'its timeline then';
COMMENT ON COLUMN datasurface.streams.source_lsn IS 'its position in the WAL then';
GRANT SELECT ON datasurface.streams TO pg_monitor;
