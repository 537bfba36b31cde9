-- Batches that changed nothing or were discarded are forgotten after datasurface.keep_unchanged_batches, run ids after
-- datasurface.keep_run_ids: a few by each commit of the stream, by index. A run id outlives its batch, and still says
-- that it is done.
CREATE SCHEMA forget_source;
CREATE TABLE forget_source.t (id integer);
INSERT INTO forget_source.t VALUES (1);
CALL scene.make(scene.store('regress_forget', scene.dataset('t', query => 'TABLE forget_source.t', milestoned => true)
    || scene.dataset('u', query => 'TABLE forget_source.t')));
CREATE VIEW pg_temp.kept AS SELECT
    (SELECT array_agg(batch_id ORDER BY batch_id) FROM datasurface.batch WHERE stream_id = s.stream_id) AS batches,
    (SELECT array_agg(batch_id ORDER BY batch_id, dataset_id) FROM datasurface.batch_dataset
        WHERE stream_id = s.stream_id) AS datasets,
    (SELECT array_agg(run_id || ':' || batch_id ORDER BY batch_id) FROM datasurface.batch_run
        WHERE stream_id = s.stream_id) AS runs
    FROM datasurface.stream s WHERE name = 'regress_forget';
SHOW datasurface.keep_unchanged_batches;
SHOW datasurface.keep_run_ids;

-- by default they stay for a day; the time is set back here, as if it had passed
CREATE PROCEDURE pg_temp.pass(period interval) LANGUAGE sql AS $$
    UPDATE datasurface.batch SET started_at = started_at - period, ingested_at = ingested_at - period,
        finished_at = finished_at - period
        WHERE stream_id = (SELECT stream_id FROM datasurface.stream WHERE name = 'regress_forget');
    UPDATE datasurface.batch_run SET recorded_at = recorded_at - period
        WHERE stream_id = (SELECT stream_id FROM datasurface.stream WHERE name = 'regress_forget'); $$;
SELECT datasurface.ds_run('regress_forget', 'run ' || i) FROM generate_series(1, 5) i;
CALL pg_temp.pass('23 hours');
SELECT datasurface.ds_run('regress_forget', 'run 6');
TABLE pg_temp.kept;
CALL pg_temp.pass('2 hours');
INSERT INTO forget_source.t VALUES (2);
-- two at a time, the oldest first; the first changed something
SELECT datasurface.ds_run('regress_forget', 'run 7');
TABLE pg_temp.kept;
SELECT datasurface.ds_run('regress_forget', 'run 8');
TABLE pg_temp.kept;
CALL pg_temp.pass('25 hours');
-- never the newest batch, and none while a batch is open or fails
SELECT datasurface.ds_start_batch('regress_forget', 'run 9');
SELECT datasurface.ds_fail_batch('regress_forget', 9, 'not yet');
ALTER TABLE forget_source.t RENAME TO away;
SELECT datasurface.ds_run('regress_forget', 'run 9');
CALL pg_temp.pass('25 hours');
TABLE pg_temp.kept;
ALTER TABLE forget_source.away RENAME TO t;
SELECT datasurface.ds_run('regress_forget', 'run 9');
TABLE pg_temp.kept;
SELECT batch, state, staged, run_ids FROM datasurface.batches WHERE stream = 'regress_forget' ORDER BY batch;

-- the run ids of what was forgotten say what they said
SELECT datasurface.ds_run('regress_forget', 'run 3'), datasurface.ds_start_batch('regress_forget', 'run 3'),
    datasurface.ds_require('regress_forget', 'run 3');
SELECT datasurface.ds_reset_batch('regress_forget', 3, if_committed => 'ignore');
SELECT datasurface.ds_reset_batch('regress_forget', 3); -- fails
CALL datasurface.ds_run_to_end('regress_forget', 'run 3');
SELECT datasurface.ds_ingest('regress_forget', 3); -- fails: committed
SELECT datasurface.ds_require('regress_forget');
TABLE pg_temp.kept;
-- so do times, which are of batches that changed something
SELECT datasurface.ds_batch_at('regress_forget', (SELECT checked_at FROM datasurface.streams
    WHERE stream = 'regress_forget'));
SELECT committed_batch, last_batch FROM datasurface.streams WHERE stream = 'regress_forget';

-- run ids go after their own time, but for those of the newest batch; then they are new
CALL pg_temp.pass('89 days');
SELECT datasurface.ds_run('regress_forget', 'run 10');
CALL pg_temp.pass('1 day');
SELECT datasurface.ds_start_batch('regress_forget', 'run 11');
CALL pg_temp.pass('91 days');
SELECT datasurface.ds_run('regress_forget', 'run 11');
TABLE pg_temp.kept;
SELECT datasurface.ds_run('regress_forget', 'run 11'), datasurface.ds_require('regress_forget', 'run 11');
SELECT datasurface.ds_require('regress_forget', 'run 3'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_merge_staging('regress_forget', 3); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('regress_forget', 'run 3'), datasurface.ds_require('regress_forget', 'run 3');

-- settings: with units, for superusers; -1 keeps all, 0 nothing
SET datasurface.keep_unchanged_batches = '90min';
SHOW datasurface.keep_unchanged_batches;
\set VERBOSITY sqlstate
SET datasurface.keep_run_ids = '-2'; -- fails
\set VERBOSITY default
CREATE ROLE regress_forget_nobody;
SET ROLE regress_forget_nobody;
SET datasurface.keep_unchanged_batches = 0; -- fails
SET datasurface.keep_run_ids = 0; -- fails
RESET ROLE;
DROP ROLE regress_forget_nobody;
SET datasurface.keep_unchanged_batches = -1;
SET datasurface.keep_run_ids = -1;
CALL pg_temp.pass('1000 days');
SELECT datasurface.ds_run('regress_forget', 'run 13');
TABLE pg_temp.kept;
SET datasurface.keep_unchanged_batches = 0;
SET datasurface.keep_run_ids = 0;
SELECT datasurface.ds_run('regress_forget', 'run 14'), datasurface.ds_run('regress_forget', 'run 14');
TABLE pg_temp.kept;
SELECT datasurface.ds_run('regress_forget', 'run ' || i) FROM generate_series(15, 17) i;
TABLE pg_temp.kept;
-- what is rolled back has forgotten nothing
BEGIN;
SELECT datasurface.ds_run('regress_forget', 'run 18');
ROLLBACK;
TABLE pg_temp.kept;

-- a pull that is held anew each time: what it discards goes with its findings, decisions and run ids
RESET datasurface.keep_unchanged_batches;
RESET datasurface.keep_run_ids;
CREATE TABLE forget_source.h AS SELECT i AS id, 0 AS v FROM generate_series(1, 10) i;
CALL scene.make(scene.store('regress_forget_held', scene.dataset('t', 'id integer, v integer', 'TABLE forget_source.h'),
    '{"brakes": {"deletes": {"percent": 20}}}'));
CREATE VIEW pg_temp.held AS SELECT stream_id, batch_id, state,
    (SELECT count(*) FROM datasurface.batch_dataset d WHERE (d.stream_id, d.batch_id) = (b.stream_id, b.batch_id)) AS datasets,
    (SELECT count(*) FROM datasurface.batch_finding f WHERE (f.stream_id, f.batch_id) = (b.stream_id, b.batch_id)) AS findings,
    (SELECT count(*) FROM datasurface.batch_decision e WHERE (e.stream_id, e.batch_id) = (b.stream_id, b.batch_id)) AS decisions
    FROM datasurface.batch b JOIN datasurface.stream s USING (stream_id) WHERE s.name = 'regress_forget_held';
CREATE FUNCTION pg_temp.hold(run text) RETURNS text LANGUAGE sql AS $$
    UPDATE forget_source.h SET v = v + 1 WHERE id = 1;
    SELECT datasurface.ds_run('regress_forget_held', run) $$;
CREATE PROCEDURE pg_temp.pass_held(period interval) LANGUAGE sql AS $$
    UPDATE datasurface.batch b SET finished_at = finished_at - period FROM pg_temp.held h
        WHERE (h.stream_id, h.batch_id) = (b.stream_id, b.batch_id) $$;
SELECT datasurface.ds_run('regress_forget_held', 'first');
DELETE FROM forget_source.h WHERE id > 5;
SELECT pg_temp.hold('held ' || i) FROM generate_series(2, 5) i;
CALL pg_temp.pass_held('23 hours');
SELECT pg_temp.hold('held 6');
SELECT batch_id, state, datasets, findings, decisions FROM pg_temp.held ORDER BY batch_id;
CALL pg_temp.pass_held('2 hours');
-- two at a time, also by a run that publishes nothing
SELECT pg_temp.hold('held 7');
SELECT batch_id, state, datasets, findings, decisions FROM pg_temp.held ORDER BY batch_id;
-- nothing is left of them in any catalog
SELECT count(*) FILTER (WHERE of = 'batch_dataset') AS datasets, count(*) FILTER (WHERE of = 'batch_finding') AS findings,
    count(*) FILTER (WHERE of = 'batch_decision') AS decisions, count(*) FILTER (WHERE of = 'batch_run') AS runs
    FROM (SELECT 'batch_dataset' AS of, stream_id, batch_id FROM datasurface.batch_dataset
        UNION ALL SELECT 'batch_finding', stream_id, batch_id FROM datasurface.batch_finding
        UNION ALL SELECT 'batch_decision', stream_id, batch_id FROM datasurface.batch_decision
        UNION ALL SELECT 'batch_run', stream_id, batch_id FROM datasurface.batch_run) x
    JOIN datasurface.stream s USING (stream_id) WHERE s.name = 'regress_forget_held' AND batch_id IN (2, 3);
-- their run ids are new, and not those of something that is done
SELECT datasurface.ds_require('regress_forget_held', 'held 2'); -- fails
SELECT datasurface.ds_run('regress_forget_held', 'held 2');
SELECT datasurface.ds_require('regress_forget_held', 'held 6'); -- fails: it is kept
INSERT INTO forget_source.h SELECT i, 0 FROM generate_series(6, 10) i;
SELECT pg_temp.hold('right again');
SELECT batch_id, state, datasets, findings, decisions FROM pg_temp.held ORDER BY batch_id;
SELECT datasurface.ds_run('regress_forget_held', 'first'), datasurface.ds_require('regress_forget_held', 'first');

-- by index: a stream with many batches behind it, and not one of them is read that stays. Numbers that a stream has
-- used are not used again when the datasets go to other streams.
RESET datasurface.keep_unchanged_batches;
RESET datasurface.keep_run_ids;
UPDATE datasurface.stream SET last_batch = 20000 WHERE name = 'regress_forget';
INSERT INTO datasurface.batch (stream_id, batch_id, state, started_at, finished_at, changed)
    SELECT stream_id, b, CASE b % 100 WHEN 1 THEN 'discarded' ELSE 'committed' END, t, t,
        CASE b % 100 WHEN 1 THEN NULL ELSE b % 100 = 0 END
        FROM datasurface.stream, generate_series(1001, 20000) b,
        LATERAL (SELECT now() - interval '2 days' + b * interval '1 second') x(t) WHERE name = 'regress_forget';
INSERT INTO datasurface.batch_dataset (stream_id, batch_id, dataset_id, definition_digest)
    SELECT b.stream_id, b.batch_id, d.dataset_id, d.definition_digest
        FROM datasurface.batch b JOIN datasurface.stream s USING (stream_id) JOIN datasurface.dataset d USING (store_id)
        WHERE s.name = 'regress_forget' AND b.batch_id > 1000;
INSERT INTO datasurface.batch_run (stream_id, run_id, batch_id, recorded_at)
    SELECT b.stream_id, 'old ' || b.batch_id, b.batch_id, b.started_at - interval '100 days'
        FROM datasurface.batch b JOIN datasurface.stream s USING (stream_id)
        WHERE s.name = 'regress_forget' AND b.batch_id > 1000;
ANALYZE datasurface.batch, datasurface.batch_dataset, datasurface.batch_run;
-- counted from nothing, in a session of its own
\c -
BEGIN;
SELECT datasurface.ds_run('regress_forget', 'run 20001');
SELECT relname, seq_scan, n_tup_del FROM pg_stat_xact_user_tables
    WHERE schemaname = 'datasurface' AND relname IN ('batch', 'batch_dataset', 'batch_run') ORDER BY 1;
SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) < 100 AS few_are_read
    FROM pg_index WHERE indrelid IN ('datasurface.batch'::regclass, 'datasurface.batch_dataset'::regclass,
    'datasurface.batch_run'::regclass);
COMMIT;
SELECT count(*) AS batches, min(batch_id) FILTER (WHERE batch_id > 1000) AS oldest
    FROM datasurface.batch b JOIN datasurface.stream s USING (stream_id)
    WHERE s.name = 'regress_forget' AND batch_id > 1000;
-- a batch whose row and run ids are gone is over
SELECT b.batch AS purged FROM generate_series(1, 20) b(batch) WHERE NOT EXISTS (SELECT FROM datasurface.batches x
    WHERE x.stream = 'regress_forget' AND x.batch = b.batch) ORDER BY 1 LIMIT 1 \gset
SELECT datasurface.ds_reset_batch('regress_forget', :purged, if_committed => 'ignore');
SELECT datasurface.ds_reset_batch('regress_forget', 1000000, if_committed => 'ignore'); -- fails: never was

SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(scene.store('regress_forget',
    scene.dataset('t', query => 'TABLE forget_source.t', milestoned => true), '{"consistency": "single"}')),
        replace => false);
SELECT datasurface.ds_run('regress_forget#t'), datasurface.ds_require('regress_forget#t');
