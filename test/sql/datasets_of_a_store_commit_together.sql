-- All datasets of a multi store commit in one batch: when one of them fails, nothing of the others is left, whichever
-- came first; the retry does them all.
\set SHOW_CONTEXT never
CALL scene.make(scene.store('atomic', scene.dataset('a', 'id integer, v integer', milestoned => true)
    || scene.dataset('b', 'id integer, v integer', milestoned => true) || scene.dataset('c', 'id integer, v integer')));
CREATE PROCEDURE pg_temp.push(n integer) LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO atomic.a_staging (id, v) SELECT i, i * n FROM generate_series(1, 3) i;
    INSERT INTO atomic.b_staging (id, v) SELECT i, i * n FROM generate_series(1, 3) i;
    INSERT INTO atomic.c_staging (id, v) SELECT i, i * n FROM generate_series(1, 3) i;
    PERFORM datasurface.ds_ingest('atomic', n, 9);
END $$;
CREATE VIEW pg_temp.rows AS SELECT 'a' AS dataset, array_agg(v ORDER BY id) AS v, (SELECT count(*)
    FROM atomic.a_history) AS closed, (SELECT count(*) FROM atomic.a_staging) AS staged FROM atomic.a
    UNION ALL SELECT 'b', array_agg(v ORDER BY id), (SELECT count(*) FROM atomic.b_history), (SELECT count(*)
        FROM atomic.b_staging) FROM atomic.b
    UNION ALL SELECT 'c', array_agg(v ORDER BY id), NULL, (SELECT count(*) FROM atomic.c_staging) FROM atomic.c;
SELECT datasurface.ds_start_batch('atomic');
CALL pg_temp.push(1);
SELECT datasurface.ds_run('atomic');
TABLE pg_temp.rows;
-- the second, and then the last dataset cannot be merged
SELECT datasurface.ds_start_batch('atomic');
CALL pg_temp.push(2);
ALTER TABLE atomic.b ADD CONSTRAINT b_small CHECK (v < 6);
SELECT datasurface.ds_run('atomic');
SELECT error_step FROM datasurface.batches WHERE stream = 'atomic' AND batch = 2;
TABLE pg_temp.rows;
SELECT dataset, staged, inserted, updated FROM datasurface.batch_datasets
    WHERE stream = 'atomic' AND batch = 2 ORDER BY 1;
ALTER TABLE atomic.b DROP CONSTRAINT b_small;
ALTER TABLE atomic.c ADD CONSTRAINT c_small CHECK (v < 6);
SELECT * FROM datasurface.ds_merge_staging('atomic', 2); -- fails
TABLE pg_temp.rows;
ALTER TABLE atomic.c DROP CONSTRAINT c_small;
SELECT datasurface.ds_run('atomic');
TABLE pg_temp.rows;
SELECT dataset, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'atomic' AND batch = 2 ORDER BY 1;
-- a duplicate key in the last dataset holds up all of them
SELECT datasurface.ds_start_batch('atomic');
INSERT INTO atomic.a_staging (id, v) VALUES (9, 9);
INSERT INTO atomic.c_staging (id, v) VALUES (9, 9), (9, 9);
SELECT datasurface.ds_ingest('atomic', 3, 3), datasurface.ds_run('atomic');
SELECT error_step, error_sqlstate FROM datasurface.batches WHERE stream = 'atomic' AND batch = 3;
TABLE pg_temp.rows;
SELECT datasurface.ds_reset_batch('atomic', 3);
TABLE pg_temp.rows;
