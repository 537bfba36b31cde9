-- The order of arrival is PostgreSQL's to give. A pusher with rights on the dataset's columns cannot write it; whoever
-- can, and does, is told so at the seal, because rows that come later could not be told from such rows. (Both \copy
-- here fail.)
CALL scene.make(scene.store('regress_given', scene.dataset('t', 'id integer, v text')));
CREATE ROLE regress_given_pusher;
GRANT USAGE ON SCHEMA regress_given TO regress_given_pusher;
GRANT INSERT (id, v) ON regress_given.t_staging TO regress_given_pusher;
SELECT datasurface.ds_start_batch('regress_given');

SET ROLE regress_given_pusher;
COPY regress_given.t_staging (id, v) FROM STDIN (FORMAT csv);
1,a
\.
INSERT INTO regress_given.t_staging (id, v) VALUES (2, 'b');
INSERT INTO regress_given.t_staging (id) VALUES (3);
INSERT INTO regress_given.t_staging SELECT 4, 5; -- fails: no columns are named
INSERT INTO regress_given.t_staging (ds_surf_arrival, id) OVERRIDING SYSTEM VALUE VALUES (1000, 4); -- fails
\copy regress_given.t_staging from '/dev/null'
\copy regress_given.t_staging (ds_surf_arrival, id) from '/dev/null'
RESET ROLE;

-- with a right on the whole table it can be written
INSERT INTO regress_given.t_staging (ds_surf_arrival, id) OVERRIDING SYSTEM VALUE VALUES (1000, 4);
SELECT datasurface.ds_ingest('regress_given', 1, 4); -- fails
\echo :SQLSTATE
SELECT state FROM datasurface.batches WHERE stream = 'regress_given';
SELECT datasurface.ds_reset_batch('regress_given', 1);
INSERT INTO regress_given.t_staging (id) VALUES (1), (2);
SELECT datasurface.ds_ingest('regress_given', 1, 2);
-- what came after the seal belongs to the next batch, whatever it says of its arrival
INSERT INTO regress_given.t_staging (ds_surf_arrival, id) OVERRIDING SYSTEM VALUE VALUES (2000, 9);
INSERT INTO regress_given.t_staging (id) VALUES (3);
SELECT datasurface.ds_run('regress_given');
SELECT id FROM regress_given.t ORDER BY id;
SELECT datasurface.ds_start_batch('regress_given');
SELECT datasurface.ds_ingest('regress_given', 2); -- fails
DELETE FROM regress_given.t_staging WHERE id = 9;
SELECT datasurface.ds_ingest('regress_given', 2, 1);
-- but for an arrival among those that were sealed: the merge counts one row more, and nothing is written
INSERT INTO regress_given.t_staging (ds_surf_arrival, id) OVERRIDING SYSTEM VALUE VALUES (0, 10);
SELECT datasurface.ds_merge_staging('regress_given', 2); -- fails
\echo :SQLSTATE
DELETE FROM regress_given.t_staging WHERE id = 10;
SELECT datasurface.ds_run('regress_given');
-- a sequence that was set back is seen as well; one that belongs to somebody else is not ours to judge
SELECT datasurface.ds_start_batch('regress_given');
INSERT INTO regress_given.t_staging (id) VALUES (1);
ALTER TABLE regress_given.t_staging ALTER ds_surf_arrival RESTART WITH 1;
SELECT datasurface.ds_ingest('regress_given', 3); -- fails
ALTER TABLE regress_given.t_staging ALTER ds_surf_arrival DROP IDENTITY;
SELECT datasurface.ds_ingest('regress_given', 3), datasurface.ds_run('regress_given');
REVOKE ALL ON SCHEMA regress_given FROM regress_given_pusher;
DROP OWNED BY regress_given_pusher;
DROP ROLE regress_given_pusher;
