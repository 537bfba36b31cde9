-- What reconcile did. Rows hold names, because they outlive what they are about.

CREATE TABLE datasurface.operation (
    operation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at timestamptz NOT NULL,
    duration interval NOT NULL,
    role text NOT NULL,
    store text,
    dataset text,
    object text NOT NULL,
    action text,
    statement text,
    class text,
    outcome text NOT NULL CHECK (outcome IN ('done', 'failed')),
    error text
);
COMMENT ON TABLE datasurface.operation IS 'statements that reconcile executed in tables and views, and what failed. Old ones are removed';
COMMENT ON COLUMN datasurface.operation.operation_id IS 'number, in the order of recording';
COMMENT ON COLUMN datasurface.operation.started_at IS 'when the statement began';
COMMENT ON COLUMN datasurface.operation.duration IS 'time that it took';
COMMENT ON COLUMN datasurface.operation.role IS 'role that called';
COMMENT ON COLUMN datasurface.operation.store IS 'name of the store then; NULL for the schema of a workspace';
COMMENT ON COLUMN datasurface.operation.dataset IS 'name of the dataset then; NULL for schemas';
COMMENT ON COLUMN datasurface.operation.object IS 'what was changed';
COMMENT ON COLUMN datasurface.operation.action IS 'create, alter, replace, comment or drop; NULL if it failed before a statement';
COMMENT ON COLUMN datasurface.operation.statement IS 'the statement; NULL if it failed before one';
COMMENT ON COLUMN datasurface.operation.class IS 'safe, rewrite or lossy; NULL if it failed before a statement';
COMMENT ON COLUMN datasurface.operation.outcome IS 'done or failed. What fails takes back the statements before it that belong to the same dataset or sink; these are not recorded';
COMMENT ON COLUMN datasurface.operation.error IS 'of what failed: SQLSTATE and message';
CREATE INDEX operation_started_at_idx ON datasurface.operation (started_at);
SELECT pg_catalog.pg_extension_config_dump('datasurface.operation', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.operation_operation_id_seq', '');
COMMENT ON SEQUENCE datasurface.operation_operation_id_seq IS 'numbers operations';
COMMENT ON INDEX datasurface.operation_pkey IS 'finds an operation by its number';
COMMENT ON INDEX datasurface.operation_started_at_idx IS 'finds the oldest operations, and those of a time';
