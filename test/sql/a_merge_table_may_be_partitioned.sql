-- A user may replace a merge table by a partitioned one of the same name, columns and owner: the sql engine serves it.
-- Its partitions are the store owner's too, because their triggers run in that role's name.
CREATE ROLE regress_parts_other;
CREATE SCHEMA parts_source;
CREATE TABLE parts_source.t AS SELECT i AS id, i % 3 AS v FROM generate_series(1, 9) i;
CALL scene.make(scene.store('parts', scene.dataset('t', 'id integer, v integer', 'SELECT id, v FROM parts_source.t',
    milestoned => true)));
SELECT datasurface.ds_run('parts');

BEGIN;
ALTER TABLE parts.t RENAME TO plain;
ALTER INDEX parts.t_pkey RENAME TO plain_pkey;
CREATE TABLE parts.t (LIKE parts.plain, CONSTRAINT t_pkey PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE parts.low PARTITION OF parts.t FOR VALUES FROM (MINVALUE) TO (5);
CREATE TABLE parts.high PARTITION OF parts.t FOR VALUES FROM (5) TO (MAXVALUE);
INSERT INTO parts.t SELECT * FROM parts.plain;
DROP FUNCTION parts.t_as_of(integer);
DROP TABLE parts.plain;
COMMIT;
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('parts');

UPDATE parts_source.t SET v = 7 WHERE id IN (1, 9);
DELETE FROM parts_source.t WHERE id IN (2, 8);
INSERT INTO parts_source.t VALUES (0, 0), (10, 0);
SELECT datasurface.ds_run('parts');
SELECT inserted, updated, deleted, unchanged FROM datasurface.batch_datasets WHERE stream = 'parts' AND batch = 2;
SELECT tableoid::regclass AS partition, ds_surf_batch_in, id, v FROM parts.t ORDER BY id;
SELECT * FROM parts.t_history ORDER BY id;
SELECT count(*) AS as_of_1 FROM parts.t_as_of(1);
SELECT merge_bytes > 0 AS has_a_size FROM datasurface.datasets WHERE store = 'parts';

ALTER TABLE parts.high OWNER TO regress_parts_other;
SELECT datasurface.ds_run('parts');
SELECT datasurface.ds_require('parts'); -- fails
\echo :SQLSTATE
ALTER TABLE parts.high OWNER TO CURRENT_USER;
SELECT datasurface.ds_run('parts');
DROP ROLE regress_parts_other;
