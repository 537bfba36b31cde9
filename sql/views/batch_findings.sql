CREATE VIEW datasurface.batch_findings AS
SELECT t.name AS stream, f.batch_id AS batch, d.name AS dataset, b.state, f.kind, f.rule, f.action, f.message, f.count, f.total,
       f.threshold, f.keys
FROM datasurface.batch_finding f
JOIN datasurface.batch b USING (stream_id, batch_id)
JOIN datasurface.stream t USING (stream_id)
JOIN datasurface.dataset d ON d.dataset_id = f.dataset_id;
COMMENT ON VIEW datasurface.batch_findings IS 'brakes, checks and references that stopped a batch, or that it was warned of, and brakes that it was near';
COMMENT ON COLUMN datasurface.batch_findings.stream IS 'stream of the batch';
COMMENT ON COLUMN datasurface.batch_findings.batch IS 'number of the batch';
COMMENT ON COLUMN datasurface.batch_findings.dataset IS 'dataset';
COMMENT ON COLUMN datasurface.batch_findings.state IS 'state of the batch';
COMMENT ON COLUMN datasurface.batch_findings.kind IS 'brake, check or reference; release, if no rule is broken, but a release found other changes than those that were held; source, if its snapshot is older than that of the last commit or check';
COMMENT ON COLUMN datasurface.batch_findings.rule IS 'name of the brake, check or reference';
COMMENT ON COLUMN datasurface.batch_findings.action IS 'warn, hold or fail, as the model said then; near: the batch nearly reached a brake that holds or fails it';
COMMENT ON COLUMN datasurface.batch_findings.message IS 'the finding in words, without a value of the data';
COMMENT ON COLUMN datasurface.batch_findings.count IS 'rows that were counted';
COMMENT ON COLUMN datasurface.batch_findings.total IS 'rows that they were compared with; NULL for checks and references';
COMMENT ON COLUMN datasurface.batch_findings.threshold IS 'what the model allowed, in words; NULL except for brakes';
COMMENT ON COLUMN datasurface.batch_findings.keys IS 'keys of some of the rows, which are values of the data; NULL for brakes';
GRANT SELECT ON datasurface.batch_findings TO pg_monitor;
