-- Somebody fills the staging table with a whole snapshot and seals it by its number of rows; what arrives after the
-- seal belongs to the next batch.
CALL scene.make(scene.store('seal', scene.dataset('a') || scene.dataset('b'), '{"brakes": {"deletes": "off"}}'));
-- a staging table has the payload behind the order of arrival, no key, and no constraint
SELECT attname, format_type(atttypid, atttypmod), attnotnull, attidentity
    FROM pg_attribute WHERE attrelid = 'seal.a_staging'::regclass AND attnum > 0 ORDER BY attnum;
SELECT relpersistence, (SELECT count(*) FROM pg_index WHERE indrelid = c.oid) AS indexes
    FROM pg_class c WHERE oid = 'seal.a_staging'::regclass;

-- without a sealed batch a run changes nothing, and says so
SELECT datasurface.ds_run('seal', 'run-0'); -- fails: no batch is open
\echo :SQLSTATE
SELECT datasurface.ds_start_batch('seal', 'run-1');
\set VERBOSITY terse
SELECT datasurface.ds_run('seal', 'run-1'); -- fails: open, but not sealed
\set VERBOSITY default
\echo :SQLSTATE
SELECT state, run_ids FROM datasurface.batches WHERE stream = 'seal';

-- the number must be right, over all datasets; zero must be said
SELECT datasurface.ds_ingest('seal', 1); -- fails: nothing is staged
\echo :SQLSTATE
INSERT INTO seal.a_staging (id) VALUES (1), (2);
INSERT INTO seal.b_staging (id) VALUES (3);
SELECT datasurface.ds_ingest('seal', 1, 2); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_ingest('seal', 1, 0); -- fails
SELECT state FROM datasurface.batches WHERE stream = 'seal';
SELECT datasurface.ds_ingest('seal', 1, 3);
SELECT datasurface.ds_ingest('seal', 1, 3); -- fails: it is sealed
\echo :SQLSTATE

-- after the seal
INSERT INTO seal.a_staging (id) VALUES (4), (1);
INSERT INTO seal.b_staging (id) VALUES (NULL);
SELECT * FROM datasurface.ds_merge_staging('seal', 1);
SELECT 'a' AS dataset, id FROM seal.a UNION ALL SELECT 'b', id FROM seal.b ORDER BY 1, 2;
SELECT 'a' AS staged, array_agg(id ORDER BY id) FROM seal.a_staging UNION ALL SELECT 'b', array_agg(id)
    FROM seal.b_staging;
DELETE FROM seal.b_staging WHERE id IS NULL;
SELECT datasurface.ds_start_batch('seal');
SELECT datasurface.ds_ingest('seal', 2, 2);
INSERT INTO seal.b_staging (id) VALUES (9);
SELECT datasurface.ds_run('seal');
SELECT dataset, staged, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'seal' AND batch = 2 ORDER BY 1;

-- the reset of a sealed batch takes its own rows only, of one that is not sealed all rows
SELECT datasurface.ds_start_batch('seal');
INSERT INTO seal.a_staging (id) VALUES (5);
SELECT datasurface.ds_ingest('seal', 3);
INSERT INTO seal.a_staging (id) VALUES (6);
SELECT datasurface.ds_reset_batch('seal', 3);
SELECT array_agg(id) AS staged_a, (SELECT array_agg(id) FROM seal.b_staging) AS staged_b FROM seal.a_staging;
SELECT datasurface.ds_reset_batch('seal', 3);
SELECT count(*) AS staged FROM (SELECT FROM seal.a_staging UNION ALL SELECT FROM seal.b_staging) s;
-- zero rows, when said, delete everything
SELECT datasurface.ds_ingest('seal', 3); -- fails
SELECT datasurface.ds_ingest('seal', 3, rows => 0);
SELECT * FROM datasurface.ds_merge_staging('seal', 3);

-- a large staging is emptied by TRUNCATE: rows after the seal must survive that too
SET datasurface.truncate_threshold = '64kB';
SELECT datasurface.ds_start_batch('seal');
INSERT INTO seal.a_staging (id) SELECT generate_series(1, 50000);
SELECT datasurface.ds_ingest('seal', 4, 50000);
INSERT INTO seal.a_staging (id) VALUES (-1);
SELECT datasurface.ds_run('seal');
SELECT array_agg(id) AS after_the_seal FROM seal.a_staging;
SELECT datasurface.ds_start_batch('seal');
SELECT datasurface.ds_ingest('seal', 5, 1), datasurface.ds_run('seal');
INSERT INTO seal.a_staging (id) SELECT generate_series(1, 50000);
SELECT datasurface.ds_start_batch('seal');
SELECT datasurface.ds_ingest('seal', 6, 50000), datasurface.ds_run('seal');
SELECT pg_relation_size('seal.a_staging') AS bytes_left, (SELECT count(*) FROM seal.a) AS rows;
-- the order of arrival is not the pusher's to choose
INSERT INTO seal.a_staging (ds_surf_arrival, id) VALUES (1, 1); -- fails
\echo :SQLSTATE
