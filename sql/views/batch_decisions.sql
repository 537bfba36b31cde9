CREATE VIEW datasurface.batch_decisions AS
SELECT t.name AS stream, e.batch_id AS batch, e.decided_at, e.decision, e.outcome, e.decided_by, e.reason
FROM datasurface.batch_decision e
JOIN datasurface.stream t USING (stream_id);
COMMENT ON VIEW datasurface.batch_decisions IS 'what became of held batches, and who decided it';
COMMENT ON COLUMN datasurface.batch_decisions.stream IS 'stream of the batch';
COMMENT ON COLUMN datasurface.batch_decisions.batch IS 'number of the batch';
COMMENT ON COLUMN datasurface.batch_decisions.decided_at IS 'when';
COMMENT ON COLUMN datasurface.batch_decisions.decision IS 'release and discard are decisions of a person; replace is a run that pulled anew';
COMMENT ON COLUMN datasurface.batch_decisions.outcome IS 'published; held, if other changes were found than those that were held; or discarded';
COMMENT ON COLUMN datasurface.batch_decisions.decided_by IS 'role that called';
COMMENT ON COLUMN datasurface.batch_decisions.reason IS 'reason that the caller gave; of a run, the batch that replaced it';
GRANT SELECT ON datasurface.batch_decisions TO pg_monitor;
