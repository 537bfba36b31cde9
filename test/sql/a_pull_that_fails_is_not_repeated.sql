-- A query may raise the errors that make rows outdated, for instance by ds_require of another stream. The run fails once.
\set SHOW_CONTEXT never
CREATE SCHEMA raise_source;
CREATE FUNCTION raise_source.rows(state text) RETURNS TABLE (id integer) LANGUAGE plpgsql AS $$
BEGIN
    RAISE 'no rows today' USING ERRCODE = state;
END $$;
CALL scene.make(scene.store('raise', scene.dataset('a', query => 'SELECT id FROM raise_source.rows(''SF002'') id')
    || scene.dataset('b', query => 'SELECT id FROM raise_source.rows(''SF016'') id'), '{"consistency": "single"}'));
SET statement_timeout = '20s';
SELECT datasurface.ds_run('raise#a'), datasurface.ds_run('raise#a', 'monday'), datasurface.ds_run('raise#b');
SELECT stream, batch, state, error_sqlstate, error_message, run_ids FROM datasurface.batches WHERE stream LIKE 'raise%'
    ORDER BY stream;
-- also when the rows of an earlier call are lost
CREATE OR REPLACE FUNCTION raise_source.rows(state text) RETURNS TABLE (id integer) LANGUAGE sql AS 'SELECT 1';
SELECT datasurface.ds_run('raise#a', 'tuesday', budget => '0');
TRUNCATE raise.a_staging;
CREATE OR REPLACE FUNCTION raise_source.rows(state text) RETURNS TABLE (id integer) LANGUAGE plpgsql AS $$
BEGIN
    RAISE 'no rows today' USING ERRCODE = state;
END $$;
SELECT datasurface.ds_run('raise#a', 'tuesday');
SELECT state, error_sqlstate FROM datasurface.batches WHERE stream = 'raise#a';
