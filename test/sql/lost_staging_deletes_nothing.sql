-- Staged rows that went away between ingest and merge, as a crash does to an unlogged table: the merge counts them, and
-- deletes nothing. A pull starts anew by itself; a push fails with an error of its own until it is staged again.
SET datasurface.pull = staged;
CALL scene.make(scene.store('lost_pull',
    scene.dataset('t', query => 'SELECT id FROM generate_series(1, 3) id', milestoned => true))
    || scene.store('lost_push', scene.dataset('t', milestoned => true)));
SELECT datasurface.ds_run('lost_pull');
SELECT datasurface.ds_start_batch('lost_push');
INSERT INTO lost_push.t_staging (id) VALUES (1), (2), (3);
SELECT datasurface.ds_ingest('lost_push', 1, 3), datasurface.ds_run('lost_push');

-- a pull: all rows lost, then one; a row that somebody adds later is not its own
SELECT datasurface.ds_run('lost_pull', 'run', budget => '0');
TRUNCATE lost_pull.t_staging;
SELECT datasurface.ds_merge_staging('lost_pull', 2); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('lost_pull', 'run', budget => '0');
    -- whatever the budget: the call that pulls again merges too
SELECT count(*) AS rows FROM lost_pull.t;
SELECT datasurface.ds_run('lost_pull', 'run 3', budget => '0');
DELETE FROM lost_pull.t_staging WHERE id = 2;
SELECT datasurface.ds_run('lost_pull', 'run 3');
SELECT datasurface.ds_run('lost_pull', 'run 4', budget => '0');
INSERT INTO lost_pull.t_staging (id) VALUES (4);
SELECT datasurface.ds_run('lost_pull', 'run 4');
SELECT datasurface.ds_run('lost_pull', 'run 5', budget => '0');
INSERT INTO lost_pull.t_staging (ds_surf_arrival, id) OVERRIDING SYSTEM VALUE VALUES (0, 4);
SELECT datasurface.ds_merge_staging('lost_pull', 5); -- fails: more rows
\echo :SQLSTATE
SELECT datasurface.ds_run('lost_pull', 'run 5');
SELECT batch, state, staged, inserted, updated, deleted, unchanged FROM datasurface.batches
    WHERE stream = 'lost_pull' ORDER BY batch;
-- the procedure goes on by itself
SELECT datasurface.ds_run('lost_pull', 'next', budget => '0');
TRUNCATE lost_pull.t_staging;
CALL datasurface.ds_run_to_end('lost_pull', 'next');
SELECT batch, state, unchanged, deleted FROM datasurface.batches WHERE stream = 'lost_pull' AND batch = 6;

-- a push
SELECT datasurface.ds_start_batch('lost_push');
INSERT INTO lost_push.t_staging (id) VALUES (1), (2), (3), (4);
SELECT datasurface.ds_ingest('lost_push', 2, 4);
TRUNCATE lost_push.t_staging;
SELECT datasurface.ds_merge_staging('lost_push', 2); -- fails
SELECT datasurface.ds_run('lost_push');
SELECT datasurface.ds_require('lost_push'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('lost_push');
SELECT id FROM lost_push.t ORDER BY id;
-- rows that come later do not stand in for those that were lost
INSERT INTO lost_push.t_staging (id) VALUES (5), (6), (7), (8);
SELECT datasurface.ds_run('lost_push');
SELECT datasurface.ds_reset_batch('lost_push', 2);
SELECT count(*) AS later_rows FROM lost_push.t_staging;
SELECT datasurface.ds_ingest('lost_push', 2, 4), datasurface.ds_run('lost_push');
SELECT id FROM lost_push.t ORDER BY id;
-- a sequence that was set back: rows sealed by arrival, and the count says that something is wrong
SELECT datasurface.ds_start_batch('lost_push');
INSERT INTO lost_push.t_staging (id) VALUES (5);
SELECT datasurface.ds_ingest('lost_push', 3, 1);
ALTER TABLE lost_push.t_staging ALTER ds_surf_arrival RESTART WITH 1;
INSERT INTO lost_push.t_staging (id) VALUES (6);
SELECT datasurface.ds_run('lost_push');
SELECT error_sqlstate FROM datasurface.batches WHERE stream = 'lost_push' AND batch = 3;
SELECT id FROM lost_push.t ORDER BY id;
