-- Emptying a staging table: large ones by TRUNCATE, which must take nothing but the batch's rows, and must not fail
-- because this session itself has the table open. What is not there is an error of its own.
SET datasurface.pull = staged;
\set SHOW_CONTEXT never
CALL scene.make(scene.store('regress_emptied', scene.dataset('t'))
    || scene.store('regress_emptied_pull', scene.dataset('t', query => 'SELECT 1 AS id')));
SET datasurface.truncate_threshold = 0;

-- while a batch is merged a row of it is deleted and another one comes: as many rows as before, but not the same
SELECT datasurface.ds_start_batch('regress_emptied');
INSERT INTO regress_emptied.t_staging (id) VALUES (1), (2), (3);
SELECT datasurface.ds_ingest('regress_emptied', 1, 3);
CREATE FUNCTION regress_emptied.exchange() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM regress_emptied.t_staging WHERE id = 1;
    INSERT INTO regress_emptied.t_staging (id) VALUES (4);
    RETURN NULL;
END $$;
CREATE TRIGGER exchange AFTER INSERT ON regress_emptied.t EXECUTE FUNCTION regress_emptied.exchange();
SELECT datasurface.ds_run('regress_emptied');
SELECT array_agg(id ORDER BY id) AS rows, (SELECT array_agg(id) FROM regress_emptied.t_staging) AS of_the_next_batch
    FROM regress_emptied.t;
DROP TRIGGER exchange ON regress_emptied.t;
TRUNCATE regress_emptied.t_staging;

-- an open cursor
SELECT datasurface.ds_start_batch('regress_emptied');
INSERT INTO regress_emptied.t_staging (id) SELECT generate_series(1, 1000);
SELECT datasurface.ds_ingest('regress_emptied', 2, 1000);
BEGIN;
DECLARE reading CURSOR FOR SELECT id FROM regress_emptied.t_staging;
FETCH reading;
SELECT datasurface.ds_run('regress_emptied');
FETCH reading;
COMMIT;
SELECT error_sqlstate, error_message, inserted FROM datasurface.batches WHERE stream = 'regress_emptied' AND batch = 2;
SELECT count(*) AS staged FROM regress_emptied.t_staging;

-- a pull into a table whose trigger adds rows never gets the rows that it counted: it fails, and ds_run_to_end ends
CREATE FUNCTION regress_emptied.one_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN INSERT INTO regress_emptied_pull.t_staging (id) VALUES (-1); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER one_more AFTER INSERT ON regress_emptied_pull.t_staging FOR EACH ROW
    EXECUTE FUNCTION regress_emptied.one_more();
SELECT datasurface.ds_run('regress_emptied_pull', 'run');
SELECT state, error_step, error_sqlstate FROM datasurface.batches WHERE stream = 'regress_emptied_pull';
SET statement_timeout = '20s';
CALL datasurface.ds_run_to_end('regress_emptied_pull', 'run'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('regress_emptied_pull', 1);
CALL datasurface.ds_run_to_end('regress_emptied_pull', 'run'); -- fails
\echo :SQLSTATE
-- so does who calls ds_run until it no longer says KEEP_WORKING
SELECT datasurface.ds_reset_batch('regress_emptied_pull', 1);
DO $$
DECLARE calls integer := 0; outcome text := 'KEEP_WORKING';
BEGIN
    WHILE outcome = 'KEEP_WORKING' AND calls < 100 LOOP
        outcome := datasurface.ds_run('regress_emptied_pull', 'run', budget => '0');
        calls := calls + 1;
    END LOOP;
    RAISE NOTICE '% after % calls', outcome, calls;
END $$;
RESET statement_timeout;
SELECT state, error_sqlstate FROM datasurface.batches WHERE stream = 'regress_emptied_pull';
DROP TRIGGER one_more ON regress_emptied_pull.t_staging;
SELECT datasurface.ds_reset_batch('regress_emptied_pull', 1), datasurface.ds_run('regress_emptied_pull', 'run');

-- a staging table that is gone: nothing is staged, so a reset has nothing to do; the next step misses it
SELECT datasurface.ds_start_batch('regress_emptied');
DROP TABLE regress_emptied.t_staging;
SELECT datasurface.ds_reset_batch('regress_emptied', 3);
SELECT datasurface.ds_ingest('regress_emptied', 3, 0); -- fails
\echo :SQLSTATE
SELECT object, action, error FROM datasurface.ds_reconcile_schema('regress_emptied') WHERE action = 'create';
SELECT datasurface.ds_reset_batch('regress_emptied', 3);
SELECT datasurface.ds_ingest('regress_emptied', 3, 0), datasurface.ds_run('regress_emptied');

-- A pull leaves many rows behind as dead rows. A push does not: neither 2 MB of rows, nor so many that their deletions
-- would write much WAL. A few short rows it does.
RESET datasurface.truncate_threshold;
CALL scene.make(scene.store('regress_emptied_large', scene.dataset('t', 'id integer, label text'), '{"brakes": {"deletes": "off"}}')
    || scene.store('regress_emptied_large_pull', scene.dataset('t', 'id integer, label text',
        'SELECT id, repeat(''x'', 200) AS label FROM generate_series(1, 9000) id')));
SELECT datasurface.ds_start_batch('regress_emptied_large');
INSERT INTO regress_emptied_large.t_staging (id, label) SELECT id, repeat('x', 200) FROM generate_series(1, 9000) id;
SELECT datasurface.ds_ingest('regress_emptied_large', 1, 9000), datasurface.ds_run('regress_emptied_large'),
    datasurface.ds_run('regress_emptied_large_pull');
SELECT pg_relation_size('regress_emptied_large.t_staging') = 0 AS truncated,
    pg_relation_size('regress_emptied_large_pull.t_staging') = 0 AS pull_truncated,
    (SELECT count(*) FROM regress_emptied_large.t_staging) + (SELECT count(*)
        FROM regress_emptied_large_pull.t_staging) AS left_over;

CREATE FUNCTION pg_temp.left_of_push(rows integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n integer := datasurface.ds_start_batch('regress_emptied_large');
BEGIN
    INSERT INTO regress_emptied_large.t_staging (id) SELECT generate_series(1, rows);
    PERFORM datasurface.ds_ingest('regress_emptied_large', n, rows), datasurface.ds_run('regress_emptied_large');
    RETURN CASE pg_relation_size('regress_emptied_large.t_staging') WHEN 0 THEN 'truncated' ELSE 'deleted' END;
END $$;
SELECT rows, pg_temp.left_of_push(rows) FROM unnest('{5000,4000,5000}'::integer[]) rows;

-- a foreign key that refers to the staging table keeps TRUNCATE away, and the batch goes on
ALTER TABLE regress_emptied_large.t_staging ADD UNIQUE (id);
CREATE TABLE regress_emptied_large.refers (id integer REFERENCES regress_emptied_large.t_staging (id) ON DELETE CASCADE);
SELECT pg_temp.left_of_push(5000);
SELECT datasurface.ds_start_batch('regress_emptied_large') AS batch \gset
INSERT INTO regress_emptied_large.t_staging (id) SELECT generate_series(1, 5000);
SELECT datasurface.ds_reset_batch('regress_emptied_large', :batch);
SELECT count(*) FROM regress_emptied_large.t_staging;
DROP TABLE regress_emptied_large.refers;
SELECT datasurface.ds_reset_batch('regress_emptied_large', :batch);
