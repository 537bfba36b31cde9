-- A snapshot that is older than the stream's lock may miss the last batch; so callers in REPEATABLE READ and
-- SERIALIZABLE are refused by each call that works on a stream or on the model, and nothing is changed.
CALL scene.make(scene.store('level', scene.dataset('t', query => 'SELECT 1 AS id')));
CREATE FUNCTION pg_temp.sqlstate_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN 'none';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
CREATE VIEW pg_temp.answers AS SELECT statement, pg_temp.sqlstate_of(statement) FROM (VALUES
    ('SELECT datasurface.ds_start_batch(''level'')'), ('SELECT datasurface.ds_ingest(''level'', 1)'),
    ('SELECT datasurface.ds_merge_staging(''level'', 1)'), ('SELECT datasurface.ds_run(''level'')'),
    ('SELECT datasurface.ds_reset_batch(''level'', 1)'), ('SELECT datasurface.ds_fail_batch(''level'', 1, ''x'')'),
    ('SELECT datasurface.ds_load_model(''{"stores": []}'', false)'),
    ('SELECT datasurface.ds_reconcile_schema(''level'')')) v(statement);
BEGIN ISOLATION LEVEL REPEATABLE READ;
TABLE pg_temp.answers;
SELECT datasurface.ds_run('level'); -- fails
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
TABLE pg_temp.answers;
COMMIT;
SET default_transaction_isolation = 'repeatable read';
SELECT datasurface.ds_run('level'); -- fails
\echo :SQLSTATE
CALL datasurface.ds_run_to_end('level'); -- fails
\echo :SQLSTATE
RESET default_transaction_isolation;
SELECT count(*) AS batches FROM datasurface.batches WHERE stream = 'level';
-- READ UNCOMMITTED is READ COMMITTED in PostgreSQL; what only reads may be called at any level
BEGIN ISOLATION LEVEL READ UNCOMMITTED;
SELECT datasurface.ds_run('level');
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY;
SELECT datasurface.ds_require('level'), datasurface.ds_batch_at('level', checked_at) FROM datasurface.streams
    WHERE stream = 'level';
COMMIT;
BEGIN READ ONLY;
SELECT datasurface.ds_run('level'); -- fails
\echo :SQLSTATE
ROLLBACK;
