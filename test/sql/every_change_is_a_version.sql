-- A value that goes from A to B and back to A is three versions, and a row that changes in each batch leaves one
-- version per batch; an oracle keeps every snapshot, and as of each batch the tables must give it back.
CREATE SCHEMA flip_source;
CREATE TABLE flip_source.t (k integer, v text);
CALL scene.make(scene.store('flip', scene.dataset('t', 'k integer, v text', 'SELECT k, v FROM flip_source.t',
    milestoned => true)));
CREATE TEMP TABLE snapshots (batch integer, k integer, v text);
-- k 1 flips each batch, 2 flips each second batch, 3 comes and goes, 4 goes to NULL and back, 5 stays
CREATE PROCEDURE pg_temp.one_batch(n integer) LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE flip_source.t;
    INSERT INTO flip_source.t VALUES (1, CASE n % 2 WHEN 0 THEN 'A' ELSE 'B' END),
        (2, CASE n / 2 % 2 WHEN 0 THEN 'A' ELSE 'B' END),
        (4, CASE n % 2 WHEN 0 THEN 'A' END), (5, 'stays');
    IF n % 3 <> 0 THEN INSERT INTO flip_source.t VALUES (3, 'A'); END IF;
    IF datasurface.ds_run('flip', gen_random_uuid()::text) <> 'DONE' THEN RAISE 'not DONE'; END IF;
    INSERT INTO snapshots SELECT n, * FROM flip_source.t;
END $$;
CALL pg_temp.one_batch(1);
CALL pg_temp.one_batch(2);
CALL pg_temp.one_batch(3);
CALL pg_temp.one_batch(4);
CALL pg_temp.one_batch(5);
CALL pg_temp.one_batch(6);
CALL pg_temp.one_batch(7);
SELECT k, string_agg(format('%s-%s %s', ds_surf_batch_in, nullif(ds_surf_batch_out, 2147483647), coalesce(v, 'NULL')),
    ', ' ORDER BY ds_surf_batch_in) AS versions
FROM (TABLE flip.t UNION ALL TABLE flip.t_history) v GROUP BY k ORDER BY k;
SELECT batch, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'flip' ORDER BY batch;

-- as of each batch against what was there then, both ways
CREATE TEMP TABLE as_of AS SELECT b AS batch, f.k, f.v FROM generate_series(1, 7) b, flip.t_as_of(b) f;
(TABLE snapshots EXCEPT ALL TABLE as_of) UNION ALL (TABLE as_of EXCEPT ALL TABLE snapshots);
-- the counts against the snapshots
SELECT batch, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets WHERE stream = 'flip'
EXCEPT
SELECT n, count(*) FILTER (WHERE was.k IS NULL),
    count(*) FILTER (WHERE was.k = k.k AND now.k = k.k AND was.v IS DISTINCT FROM now.v),
       count(*) FILTER (WHERE now.k IS NULL),
           count(*) FILTER (WHERE was.k = k.k AND now.k = k.k AND was.v IS NOT DISTINCT FROM now.v)
FROM generate_series(1, 7) n CROSS JOIN generate_series(1, 5) k(k)
LEFT JOIN snapshots was ON was.batch = n - 1 AND was.k = k.k LEFT JOIN snapshots now ON now.batch = n AND now.k = k.k
WHERE was.k IS NOT NULL OR now.k IS NOT NULL GROUP BY n;

-- two batches within one transaction are two batches; two changes between batches are one
BEGIN;
UPDATE flip_source.t SET v = 'first' WHERE k = 5;
SELECT datasurface.ds_run('flip', 'run 2');
UPDATE flip_source.t SET v = 'second' WHERE k = 5;
SELECT datasurface.ds_run('flip', 'run 3');
COMMIT;
UPDATE flip_source.t SET v = 'third' WHERE k = 5;
UPDATE flip_source.t SET v = 'second' WHERE k = 5;
SELECT datasurface.ds_run('flip', 'run 4');
SELECT ds_surf_batch_in, nullif(ds_surf_batch_out, 2147483647) AS ds_surf_batch_out, v
FROM (TABLE flip.t UNION ALL TABLE flip.t_history) v WHERE k = 5 ORDER BY 1;
-- a batch that is rolled back leaves neither rows nor a number
BEGIN;
UPDATE flip_source.t SET v = 'never' WHERE k = 5;
SELECT datasurface.ds_run('flip', 'run 5');
ROLLBACK;
SELECT last_batch FROM datasurface.streams WHERE stream = 'flip';
SELECT datasurface.ds_run('flip', 'run 6');
SELECT batch, updated, unchanged FROM datasurface.batch_datasets WHERE stream = 'flip' AND batch >= 10 ORDER BY batch;
