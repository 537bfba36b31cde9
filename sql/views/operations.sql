CREATE VIEW datasurface.operations AS
SELECT o.operation_id AS operation, o.started_at, o.duration, o.role, o.store, o.dataset, o.object, o.action, o.statement, o.class,
       o.outcome, o.error
FROM datasurface.operation o;
COMMENT ON VIEW datasurface.operations IS 'what reconcile did, statement by statement, and what failed, for datasurface.keep_operations';
COMMENT ON COLUMN datasurface.operations.operation IS 'number, in the order of recording';
COMMENT ON COLUMN datasurface.operations.started_at IS 'when the statement began';
COMMENT ON COLUMN datasurface.operations.duration IS 'time that it took';
COMMENT ON COLUMN datasurface.operations.role IS 'role that called';
COMMENT ON COLUMN datasurface.operations.store IS 'name of the store then; NULL for the schema of a workspace';
COMMENT ON COLUMN datasurface.operations.dataset IS 'name of the dataset then; NULL for schemas';
COMMENT ON COLUMN datasurface.operations.object IS 'what was changed';
COMMENT ON COLUMN datasurface.operations.action IS 'create, alter, replace, comment or drop; NULL if it failed before a statement';
COMMENT ON COLUMN datasurface.operations.statement IS 'the statement; NULL if it failed before one';
COMMENT ON COLUMN datasurface.operations.class IS 'safe, rewrite or lossy; NULL if it failed before a statement';
COMMENT ON COLUMN datasurface.operations.outcome IS 'done or failed. What fails takes back the statements before it that belong to the same dataset or sink; these are not recorded';
COMMENT ON COLUMN datasurface.operations.error IS 'of what failed: SQLSTATE and message, which may show values of rows';
GRANT SELECT ON datasurface.operations TO pg_monitor;
