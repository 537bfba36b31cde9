-- A run id belongs to one batch of its stream for ever: the same id continues that batch or returns its outcome,
-- another id takes over an open batch and is recorded with it. So a caller that does not know whether its COMMIT was
-- done calls again.
CREATE SCHEMA runs_source;
CREATE TABLE runs_source.t (id integer, v integer);
INSERT INTO runs_source.t VALUES (1, 0);
CALL scene.make(
    scene.store('runs', scene.dataset('t', 'id integer, v integer', 'SELECT id, 1 / v AS v FROM runs_source.t'))
    || scene.store('runs_other', scene.dataset('t', query => 'SELECT 1 AS id')));
CREATE VIEW pg_temp.runs AS SELECT batch, state, run_ids FROM datasurface.batches WHERE stream = 'runs' ORDER BY batch;

-- a run fails; its repetition continues the same batch, and so does another run, which takes it over
SELECT datasurface.ds_run('runs', 'monday');
SELECT datasurface.ds_run('runs', 'monday');
SELECT datasurface.ds_run('runs', 'tuesday');
TABLE pg_temp.runs;
UPDATE runs_source.t SET v = 1;
SELECT datasurface.ds_run('runs', 'monday');
-- done: each of its ids has the outcome, and starts nothing
UPDATE runs_source.t SET v = 0;
SELECT datasurface.ds_run('runs', 'monday'), datasurface.ds_run('runs', 'tuesday');
SELECT datasurface.ds_require('runs', 'monday'), datasurface.ds_require('runs', 'tuesday');
TABLE pg_temp.runs;

-- a new id is a new batch; without one, what is open is continued
SELECT datasurface.ds_run('runs', 'wednesday');
SELECT datasurface.ds_run('runs');
SELECT datasurface.ds_run('runs', 'monday'); -- an old id, while another batch is open: its own outcome
TABLE pg_temp.runs;
SELECT datasurface.ds_require('runs', 'monday');
SELECT datasurface.ds_require('runs', 'wednesday'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_require('runs'); -- fails: the newest
SELECT datasurface.ds_require('runs', 'never seen'); -- fails
\echo :SQLSTATE
UPDATE runs_source.t SET v = 1;
SELECT datasurface.ds_run('runs');
SELECT datasurface.ds_require('runs', 'wednesday'), datasurface.ds_require('runs');

-- without ids each call is a batch
SELECT datasurface.ds_run('runs'), datasurface.ds_run('runs');
TABLE pg_temp.runs;
-- start_batch knows them too
SELECT datasurface.ds_start_batch('runs', 'monday') AS "a committed one";
SELECT datasurface.ds_start_batch('runs', 'thursday') AS "a new one";
SELECT datasurface.ds_start_batch('runs', 'thursday') AS "the same";
\set VERBOSITY terse
SELECT datasurface.ds_start_batch('runs', 'friday'); -- fails: open, and not its own
\set VERBOSITY default
\echo :SQLSTATE
\set VERBOSITY terse
SELECT datasurface.ds_start_batch('runs'); -- fails
\set VERBOSITY default
SELECT datasurface.ds_run('runs', 'friday') AS "takes it over";
SELECT datasurface.ds_start_batch('runs', 'thursday') AS "still the same",
    datasurface.ds_start_batch('runs', 'friday') AS "as well";
TABLE pg_temp.runs;
-- another stream has its own
SELECT datasurface.ds_run('runs_other', 'monday'), datasurface.ds_require('runs_other', 'monday');
-- what was rolled back was never seen
BEGIN;
SELECT datasurface.ds_run('runs', 'saturday');
ROLLBACK;
SELECT datasurface.ds_require('runs', 'saturday'); -- fails
SELECT datasurface.ds_run('runs', 'saturday');
SELECT datasurface.ds_require('runs', 'saturday');
-- a run id may be any text that is not blank, of at most 255 bytes
SELECT datasurface.ds_run('runs', run_id)
    FROM (VALUES ('it''s "quoted"; --'), ('прогон 1'), ('manual__2026-11-20T00:00:00+00:00'), (repeat('ж', 127) || 'z'))
    v(run_id);
SELECT run_ids FROM datasurface.batches WHERE stream = 'runs' AND batch > 4 ORDER BY batch;
SELECT datasurface.ds_run('runs', ''); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('runs', E' \t\n'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('runs', U&'\00A0\200B\3000\2060'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('runs', repeat('ж', 128)); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_start_batch('runs', ''); -- fails
SELECT datasurface.ds_start_batch('runs', repeat('z', 256)); -- fails
SELECT datasurface.ds_require('runs', ' '); -- fails
SELECT datasurface.ds_require('runs', repeat('z', 100000)); -- fails
CALL datasurface.ds_run_to_end('runs', ''); -- fails
\echo :SQLSTATE
CALL datasurface.ds_run_to_end('runs', repeat('z', 256)); -- fails
-- nor is a budget below zero one
SELECT datasurface.ds_run('runs', 'in debt', budget => '-1 second'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('runs', 'in debt', budget => '1 day -25 hours'); -- fails
SELECT max(batch) AS newest, count(*) FILTER (WHERE state <> 'committed') AS open FROM datasurface.batches
    WHERE stream = 'runs';
