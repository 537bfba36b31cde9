-- What becomes of a held batch: release, discard, another run, a new model, and calls that are no way on.
\set SHOW_CONTEXT never
\pset null null
SET client_min_messages = warning;
CREATE SCHEMA held_source;
CREATE TABLE held_source.t (id integer, v text);
CREATE TABLE held_source.u (id integer, v text);
CREATE ROLE regress_runs;
CREATE ROLE regress_decides;
CREATE ROLE regress_reads;
CREATE FUNCTION pg_temp.store(name text, more jsonb DEFAULT '{}', percent integer DEFAULT 20,
    pushed boolean DEFAULT false) RETURNS jsonb
    LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('t', 'id integer, v text',
        CASE WHEN NOT pushed THEN 'TABLE held_source.t' END, milestoned => true)
        || scene.dataset('u', 'id integer, v text', CASE WHEN NOT pushed THEN 'TABLE held_source.u' END),
        jsonb_build_object('brakes', jsonb_build_object('deletes', jsonb_build_object('percent', percent))) || more)
$$;
CREATE FUNCTION pg_temp.begin_source() RETURNS void LANGUAGE sql AS $$
    TRUNCATE held_source.t, held_source.u;
    INSERT INTO held_source.t SELECT i, 'v' FROM generate_series(1, 10) i;
    INSERT INTO held_source.u SELECT i, 'v' FROM generate_series(1, 10) i;
$$;
-- Halves one dataset and changes the other.
CREATE FUNCTION pg_temp.change_source() RETURNS void LANGUAGE sql AS $$
    DELETE FROM held_source.t WHERE id > 5;
    UPDATE held_source.u SET v = 'w' WHERE id <= 3;
$$;
CREATE VIEW pg_temp.state AS SELECT stream, batch, state, inserted, updated, deleted, held_because, decision, reason,
    run_ids
    FROM datasurface.batches ORDER BY stream, batch;
CREATE VIEW pg_temp.digest AS SELECT s.name AS stream, x.batch_id AS batch, string_agg(x.changes_digest, ' '
    ORDER BY x.dataset_id) AS digest
    FROM datasurface.batch_dataset x JOIN datasurface.stream s USING (stream_id) GROUP BY 1, 2;

-- release: all of the batch is published
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_released'));
SELECT datasurface.ds_run('held_released');
SELECT pg_temp.change_source();
SELECT datasurface.ds_run('held_released', 'monday');
SELECT (SELECT count(*) FROM held_released.t) AS t, (SELECT count(*) FROM held_released.u WHERE v = 'w') AS u;
SELECT scene.refused($$SELECT datasurface.ds_require('held_released', 'monday')$$);
SELECT datasurface.ds_release_batch('held_released', 2, 'the branch was closed');
SELECT (SELECT count(*) FROM held_released.t) AS t, (SELECT count(*) FROM held_released.u WHERE v = 'w') AS u;
SELECT datasurface.ds_require('held_released', 'monday'), datasurface.ds_run('held_released', 'monday');
SELECT * FROM pg_temp.state WHERE stream = 'held_released';
SELECT decision, outcome, decided_by = current_user AS by_me, reason FROM datasurface.batch_decisions
    WHERE stream = 'held_released';
SELECT count(*) FROM held_released.t_staging;
-- of the next batch nothing is held
DELETE FROM held_source.t WHERE id = 5;
SELECT datasurface.ds_run('held_released');

-- what is no decision
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_released', 2, 'again')$$);
SELECT scene.refused($$SELECT datasurface.ds_discard_batch('held_released', 2, 'again')$$);
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_released', 7, 'no such batch')$$);
DELETE FROM held_source.t WHERE id > 2;
SELECT datasurface.ds_run('held_released', 'tuesday');
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_released', 4, '')$$);
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_released', 4, E' \n\t')$$);
SELECT scene.refused($$SELECT datasurface.ds_discard_batch('held_released', 4, ' ')$$);
SELECT datasurface.ds_release_batch('held_released', 4, NULL); -- fails
SELECT * FROM pg_temp.state WHERE stream = 'held_released' AND batch = 4;
-- each engine finds the digest of the other: what one held the other releases
BEGIN;
SET LOCAL datasurface.merge_engine = sql;
SELECT datasurface.ds_release_batch('held_released', 4, 'by the other engine');
ROLLBACK;
BEGIN;
SET LOCAL datasurface.merge_engine = native;
SELECT datasurface.ds_release_batch('held_released', 4, 'by the same engine');
ROLLBACK;
-- the merge table was changed by hand: it is held anew, with its new figures, and those can be released
DELETE FROM held_released.t WHERE id = 4;
UPDATE held_released.u SET v = 'by hand' WHERE id = 9;
SELECT datasurface.ds_release_batch('held_released', 4, 'first');
SELECT * FROM pg_temp.state WHERE stream = 'held_released' AND batch = 4;
SELECT dataset, rule, count, total FROM datasurface.batch_findings WHERE stream = 'held_released' AND batch = 4;
-- only old values differ: the counts are the same
UPDATE held_released.u SET v = 'by another hand' WHERE id = 9;
SELECT datasurface.ds_release_batch('held_released', 4, 'second');
SELECT datasurface.ds_release_batch('held_released', 4, 'third');
SELECT decision, outcome, reason FROM datasurface.batch_decisions WHERE stream = 'held_released' AND batch = 4
    ORDER BY decided_at;
SELECT (SELECT string_agg(id::text, ' ' ORDER BY id) FROM held_released.t) AS t, (SELECT v FROM held_released.u
    WHERE id = 9) AS nine;

-- discard: nothing is published, the next run pulls anew
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_discarded', '{"when_held": "wait"}'));
SELECT datasurface.ds_run('held_discarded');
SELECT pg_temp.change_source();
SELECT datasurface.ds_run('held_discarded', 'monday');
SELECT datasurface.ds_run('held_discarded', 'monday'), datasurface.ds_run('held_discarded', 'tuesday'),
    datasurface.ds_run('held_discarded');
SELECT datasurface.ds_discard_batch('held_discarded', 2, 'a mistake of theirs');
SELECT scene.refused($$SELECT datasurface.ds_require('held_discarded', 'monday')$$);
SELECT datasurface.ds_run('held_discarded', 'monday');
SELECT count(*) FROM held_discarded.t_staging;
SELECT pg_temp.begin_source();
UPDATE held_source.t SET v = 'z' WHERE id = 1;
SELECT datasurface.ds_run('held_discarded', 'wednesday');
SELECT * FROM pg_temp.state WHERE stream = 'held_discarded';
CALL datasurface.ds_run_to_end('held_discarded', 'tuesday'); -- fails

-- replace: the same changes keep the number and the time; others do not
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_replaced'));
SELECT datasurface.ds_run('held_replaced');
SELECT pg_temp.change_source();
SELECT datasurface.ds_run('held_replaced', 'monday');
CREATE TABLE pg_temp.first AS SELECT held_at, digest FROM datasurface.batches JOIN pg_temp.digest USING (stream,
    batch) WHERE stream = 'held_replaced' AND batch = 2;
SELECT datasurface.ds_run('held_replaced', 'monday'), datasurface.ds_run('held_replaced', 'tuesday'),
    datasurface.ds_run('held_replaced');
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('held_replaced', 'tuesday');
RESET datasurface.merge_engine;
SELECT * FROM pg_temp.state WHERE stream = 'held_replaced';
SELECT held_at = (SELECT held_at FROM pg_temp.first) AS still, digest = (SELECT digest FROM pg_temp.first) AS same
    FROM datasurface.batches JOIN pg_temp.digest USING (stream, batch) WHERE stream = 'held_replaced' AND batch = 2;
SELECT last_batch, open_batch, open_state FROM datasurface.streams WHERE stream = 'held_replaced';
-- a person can release what is pulled every minute
BEGIN;
SELECT datasurface.ds_release_batch('held_replaced', 2, 'a person');
SELECT count(*) FROM held_replaced.t;
ROLLBACK;
-- another value: the same counts, another batch
UPDATE held_source.u SET v = 'x' WHERE id = 1;
SELECT datasurface.ds_run('held_replaced', 'wednesday');
SELECT scene.refused($$SELECT datasurface.ds_require('held_replaced', 'monday')$$);
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_replaced', 2, 'too late')$$);
SELECT datasurface.ds_run('held_replaced', 'monday');
-- the same run again, with other changes
UPDATE held_source.u SET v = 'y' WHERE id = 1;
SELECT datasurface.ds_run('held_replaced', 'wednesday');
SELECT scene.refused($$SELECT datasurface.ds_require('held_replaced', 'wednesday')$$);
SELECT * FROM pg_temp.state WHERE stream = 'held_replaced';
-- what was wrong is right again: the run commits
SELECT pg_temp.begin_source();
UPDATE held_source.t SET v = 'z' WHERE id = 1;
SELECT datasurface.ds_run('held_replaced', 'thursday', budget => '0'), datasurface.ds_require('held_replaced',
    'thursday');
SELECT * FROM pg_temp.state WHERE stream = 'held_replaced' AND batch >= 4;
-- nothing changed, so no batch is needed
DELETE FROM held_source.t WHERE id > 5;
SELECT datasurface.ds_run('held_replaced');
SELECT pg_temp.begin_source();
UPDATE held_source.t SET v = 'z' WHERE id = 1;
SELECT datasurface.ds_run('held_replaced');
SELECT stream, batch, state, decision, reason FROM pg_temp.state WHERE stream = 'held_replaced' AND batch >= 5;
SELECT last_batch, open_batch FROM datasurface.streams WHERE stream = 'held_replaced';
SELECT decision, outcome, reason FROM datasurface.batch_decisions WHERE stream = 'held_replaced' ORDER BY decided_at;
-- a pull that fails
DELETE FROM held_source.t WHERE id > 5;
SELECT datasurface.ds_run('held_replaced', 'friday');
ALTER TABLE held_source.t RENAME TO away;
SELECT datasurface.ds_run('held_replaced', 'saturday');
SELECT stream, batch, state, decision, reason FROM pg_temp.state WHERE stream = 'held_replaced' AND batch >= 6;
ALTER TABLE held_source.away RENAME TO t;
SELECT datasurface.ds_run('held_replaced', 'saturday');
SELECT stream, batch, state, decision, reason, run_ids FROM pg_temp.state WHERE stream = 'held_replaced' AND batch >= 6;

-- other calls
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_steps'));
SELECT datasurface.ds_run('held_steps');
SELECT pg_temp.change_source();
SELECT datasurface.ds_start_batch('held_steps', 'monday'), datasurface.ds_ingest('held_steps', 2);
SELECT * FROM datasurface.ds_merge_staging('held_steps', 2);
SELECT * FROM pg_temp.state WHERE stream = 'held_steps' AND batch = 2;
SELECT datasurface.ds_start_batch('held_steps', 'monday');
SELECT scene.refused($$SELECT datasurface.ds_start_batch('held_steps', 'tuesday')$$);
SELECT scene.refused($$SELECT datasurface.ds_ingest('held_steps', 2)$$);
SELECT scene.refused($$SELECT * FROM datasurface.ds_merge_staging('held_steps', 2)$$);
SELECT * FROM pg_temp.state WHERE stream = 'held_steps' AND batch = 2;
SELECT datasurface.ds_fail_batch('held_steps', 2, 'a person says so');
SELECT stream, batch, state, held_because FROM pg_temp.state WHERE stream = 'held_steps' AND batch = 2;
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_steps', 2, 'it failed')$$);
SELECT datasurface.ds_run('held_steps', 'monday');
SELECT datasurface.ds_reset_batch('held_steps', 2);
SELECT (SELECT count(*) FROM held_steps.t_staging) AS staged, (SELECT count(*) FROM held_steps.t) AS published;
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_steps', 2, 'it is reset')$$);
SELECT datasurface.ds_ingest('held_steps', 2);
SELECT dataset, inserted, updated, deleted FROM datasurface.ds_merge_staging('held_steps', 2);
SELECT count(*) FROM datasurface.batch_findings WHERE stream = 'held_steps' AND batch = 2;

-- a pull whose staged rows are lost is pulled again by its release; other rows are held anew
TRUNCATE held_steps.t_staging;
BEGIN;
SELECT datasurface.ds_release_batch('held_steps', 2, 'staging was lost');
SELECT (SELECT count(*) FROM held_steps.t) AS t, (SELECT count(*) FROM held_steps.u WHERE v = 'w') AS u;
ROLLBACK;
DELETE FROM held_source.t WHERE id = 5;
SELECT datasurface.ds_release_batch('held_steps', 2, 'staging was lost, and the source has moved on');
SELECT * FROM pg_temp.state WHERE stream = 'held_steps' AND batch = 2;
SELECT datasurface.ds_release_batch('held_steps', 2, 'so be it');
SELECT (SELECT count(*) FROM held_steps.t) AS t, (SELECT count(*) FROM held_steps.u WHERE v = 'w') AS u;

-- the rows that are pulled again break no rule any more: nobody has looked at them, so they stay held, and it is said why
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_lost', '{"when_held": "wait"}'));
SELECT datasurface.ds_run('held_lost');
SELECT pg_temp.change_source();
SELECT datasurface.ds_run('held_lost', 'monday');
TRUNCATE held_lost.t_staging, held_lost.u_staging;
SELECT pg_temp.begin_source();
UPDATE held_source.t SET v = 'z' WHERE id = 1;
SELECT datasurface.ds_release_batch('held_lost', 2, 'the branch was closed');
SELECT * FROM pg_temp.state WHERE stream = 'held_lost' AND batch = 2;
SELECT dataset, kind, rule, action, count, message FROM datasurface.batch_findings WHERE stream = 'held_lost';
SELECT datasurface.ds_run('held_lost', 'monday');
SELECT scene.refused($$SELECT datasurface.ds_require('held_lost', 'monday')$$);
SELECT datasurface.ds_release_batch('held_lost', 2, 'one name was corrected');
SELECT (SELECT count(*) FROM held_lost.t) AS t, (SELECT v FROM held_lost.t WHERE id = 1) AS one;
SELECT state, held_because FROM pg_temp.state WHERE stream = 'held_lost' AND batch = 2;

-- a warning names the batch that stays: the one that is held, though a run has pulled its changes again
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_warns', '{"brakes": {"deletes": {"percent": 20}, "changes": {"percent": 10, "action": "warn"}}}'));
SELECT datasurface.ds_run('held_warns');
SELECT pg_temp.change_source();
SELECT datasurface.ds_run('held_warns', 'monday');
SELECT datasurface.ds_run('held_warns', 'tuesday');
SELECT pg_temp.begin_source();
UPDATE held_source.u SET v = 'x' WHERE id <= 2;
SELECT datasurface.ds_run('held_warns', 'wednesday');
-- a run that records no batch warns of its stream
CALL scene.make(pg_temp.store('held_warns', '{"brakes": {"rows": {"factor": 1.1, "action": "warn"}}}'));
INSERT INTO held_source.t SELECT i, 'v' FROM generate_series(11, 20) i;
SELECT datasurface.ds_run('held_warns', 'thursday');
SELECT datasurface.ds_run('held_warns');
SELECT last_batch, checks_without_batch FROM datasurface.streams WHERE stream = 'held_warns';

-- such rows are asked every brake, also the one that looks at earlier batches
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_rows', '{"brakes": {"deletes": {"percent": 20}, "rows": {"factor": 2, "action": "fail"}}}'));
SELECT datasurface.ds_run('held_rows');
SELECT pg_temp.change_source();
SELECT datasurface.ds_run('held_rows', 'monday');
TRUNCATE held_rows.t_staging;
DELETE FROM held_source.t WHERE id > 1;
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_rows', 2, 'staging was lost')$$);
SELECT batch, state FROM datasurface.batches WHERE stream = 'held_rows' ORDER BY batch;

-- pushed rows
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_pushed', pushed => true));
CREATE PROCEDURE pg_temp.push() LANGUAGE sql AS $$
    INSERT INTO held_pushed.t_staging (id, v) TABLE held_source.t;
    INSERT INTO held_pushed.u_staging (id, v) TABLE held_source.u;
$$;
SELECT datasurface.ds_start_batch('held_pushed', 'monday');
CALL pg_temp.push();
SELECT datasurface.ds_ingest('held_pushed', 1), datasurface.ds_run('held_pushed', 'monday');
SELECT pg_temp.change_source();
SELECT datasurface.ds_start_batch('held_pushed', 'tuesday');
CALL pg_temp.push();
SELECT datasurface.ds_ingest('held_pushed', 2);
INSERT INTO held_pushed.t_staging (id, v) VALUES (100, 'after the seal');
SELECT datasurface.ds_run('held_pushed', 'tuesday');
SELECT datasurface.ds_run('held_pushed', 'tuesday'), datasurface.ds_run('held_pushed');
SELECT scene.refused($$SELECT datasurface.ds_run('held_pushed', 'wednesday')$$);
BEGIN;
SELECT datasurface.ds_release_batch('held_pushed', 2, 'as it is');
SELECT (SELECT count(*) FROM held_pushed.t) AS t, (SELECT string_agg(v, ' ') FROM held_pushed.t_staging) AS staged;
ROLLBACK;
-- pushed rows that failed are merged again, and then held: the error of before is over
BEGIN;
SELECT datasurface.ds_fail_batch('held_pushed', 2, 'a person says so');
SELECT datasurface.ds_run('held_pushed', 'tuesday');
SELECT state, error_message, finished_at, held_because FROM datasurface.batches
    WHERE stream = 'held_pushed' AND batch = 2;
SELECT scene.refused($$SELECT datasurface.ds_require('held_pushed', 'tuesday')$$);
ROLLBACK;
SELECT datasurface.ds_discard_batch('held_pushed', 2, 'not this one');
SELECT (SELECT count(*) FROM held_pushed.t) AS t, (SELECT string_agg(v, ' ') FROM held_pushed.t_staging) AS staged;
SELECT datasurface.ds_start_batch('held_pushed', 'wednesday');
CALL pg_temp.push();
SELECT datasurface.ds_ingest('held_pushed', 3), datasurface.ds_run('held_pushed', 'wednesday');
SELECT * FROM pg_temp.state WHERE stream = 'held_pushed';
-- a new model: the rows of a push stay, and wait for a reset
CALL scene.make(pg_temp.store('held_pushed', '{"when_held": "wait"}', pushed => true, percent => 30));
SELECT state FROM pg_temp.state WHERE stream = 'held_pushed' AND batch = 3;
CALL scene.make(scene.store('held_pushed', scene.dataset('t', 'id integer, v text, w text',
    milestoned => true) || scene.dataset('u', 'id integer, v text'),
    '{"brakes": {"deletes": {"percent": 20}}}'));
SELECT state FROM pg_temp.state WHERE stream = 'held_pushed' AND batch = 3;
SELECT scene.refused($$SELECT datasurface.ds_run('held_pushed', 'wednesday')$$);
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_pushed', 3, 'as it is')$$);
SELECT datasurface.ds_reset_batch('held_pushed', 3);
SELECT (SELECT count(*) FROM held_pushed.t) AS t, (SELECT count(*) FROM held_pushed.t_staging) AS staged;
SELECT scene.refused($$SELECT datasurface.ds_discard_batch('held_pushed', 3, 'not held')$$);

-- a new model: a pull begins anew; but thresholds alone leave it held, and the next run asks them
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('held_models'));
SELECT datasurface.ds_run('held_models');
SELECT pg_temp.change_source();
SELECT datasurface.ds_run('held_models', 'monday');
CALL scene.make(pg_temp.store('held_models', percent => 40));
SELECT stream, batch, state, held_because FROM pg_temp.state WHERE stream = 'held_models' AND batch >= 2;
SELECT datasurface.ds_run('held_models', 'monday');
SELECT stream, batch, state, held_because FROM pg_temp.state WHERE stream = 'held_models' AND batch >= 2;
BEGIN;
CALL scene.make(pg_temp.store('held_models', percent => 50));
SELECT datasurface.ds_run('held_models', 'monday');
SELECT stream, batch, state, run_ids FROM pg_temp.state WHERE stream = 'held_models';
ROLLBACK;
CALL scene.make(scene.store('held_models', scene.dataset('t', 'id integer, v text, w text', 'SELECT *, v AS w
    FROM held_source.t', milestoned => true)
    || scene.dataset('u', 'id integer, v text', 'TABLE held_source.u'), '{"brakes": {"deletes": {"percent": 20}}}'));
SELECT stream, batch, state, held_because FROM pg_temp.state WHERE stream = 'held_models' AND batch >= 2;
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_models', 2, 'too late')$$);
SELECT datasurface.ds_run('held_models', 'monday');
SELECT * FROM pg_temp.state WHERE stream = 'held_models' AND batch >= 2;

-- who may decide
SELECT pg_temp.begin_source();
GRANT USAGE ON SCHEMA datasurface TO regress_runs, regress_decides, regress_reads;
GRANT EXECUTE ON FUNCTION datasurface.ds_run, datasurface.ds_release_batch,
    datasurface.ds_discard_batch TO regress_runs, regress_decides;
GRANT EXECUTE ON FUNCTION datasurface.ds_require TO regress_runs, regress_decides, regress_reads;
CALL scene.make(pg_temp.store('held_operated', '{"operators": ["regress_runs"], "release": ["regress_decides"]}'));
SELECT datasurface.ds_run('held_operated');
SELECT pg_temp.change_source();
SET ROLE regress_runs;
SELECT datasurface.ds_run('held_operated');
SELECT scene.refused($$SELECT datasurface.ds_require('held_operated')$$);
SELECT scene.refused($$SELECT datasurface.ds_release_batch('held_operated', 2, 'I run it')$$);
SELECT scene.refused($$SELECT datasurface.ds_discard_batch('held_operated', 2, 'I run it')$$);
SET ROLE regress_reads;
SELECT scene.refused($$SELECT datasurface.ds_require('held_operated')$$);
SET ROLE regress_decides;
SELECT scene.refused($$SELECT datasurface.ds_require('held_operated')$$);
SELECT scene.refused($$SELECT datasurface.ds_run('held_operated')$$);
SELECT datasurface.ds_release_batch('held_operated', 2, 'I decide');
RESET ROLE;
SELECT decision, outcome, decided_by, reason FROM datasurface.batch_decisions WHERE stream = 'held_operated';
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA datasurface FROM regress_runs, regress_decides, regress_reads;
REVOKE ALL ON SCHEMA datasurface FROM regress_runs, regress_decides, regress_reads;
CALL scene.make(pg_temp.store('held_operated'));
DROP ROLE regress_runs, regress_decides, regress_reads;
