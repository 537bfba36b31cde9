-- What ds_run answers, and what it leaves: DONE, KEEP_WORKING when the budget is used up, FAILED with the error
-- recorded and everything else rolled back. ds_require raises that error again with its own SQLSTATE; ds_run_to_end
-- does both.
SET datasurface.pull = staged;
\set SHOW_CONTEXT never
CREATE SCHEMA outcomes_source;
CREATE TABLE outcomes_source.t (id integer, v integer);
INSERT INTO outcomes_source.t VALUES (1, 10), (2, 20);
CALL scene.make(scene.store('outcomes', scene.dataset('t', 'id integer, v integer', 'TABLE outcomes_source.t',
    milestoned => true)));
CREATE VIEW pg_temp.newest AS SELECT batch, state, error_step, error_sqlstate AS sqlstate, error_message, error_detail
    FROM datasurface.batches WHERE stream = 'outcomes' ORDER BY batch DESC LIMIT 1;

-- a budget is asked for between the steps: with none left, each call is one step
SELECT datasurface.ds_run('outcomes', 'in steps', budget => '0');
TABLE pg_temp.newest;
SELECT datasurface.ds_require('outcomes'); -- fails: not done
\echo :SQLSTATE
SELECT datasurface.ds_run('outcomes', 'in steps', budget => '0');
TABLE pg_temp.newest;
-- without a run id nothing could come back to what was staged: the call does all
SELECT datasurface.ds_run('outcomes', budget => '0');
CALL datasurface.ds_run_to_end('outcomes', 'to-end');
CALL datasurface.ds_run_to_end('outcomes', 'to-end');
SELECT batch, run_ids, state FROM datasurface.batches WHERE stream = 'outcomes' ORDER BY batch;

-- constraints and triggers that a person put on the merge table: one error each, its own SQLSTATE, nothing written
CREATE FUNCTION pg_temp.attempt() RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text := datasurface.ds_run('outcomes');
BEGIN
    RETURN answer || ' ' || (SELECT concat_ws(', ', error_step, sqlstate, error_message, error_detail)
        FROM pg_temp.newest);
END $$;
UPDATE outcomes_source.t SET v = v + 1;
ALTER TABLE outcomes.t ADD CONSTRAINT small CHECK (v < 21);
SELECT datasurface.ds_run('outcomes');
SELECT batch, state, error_step, sqlstate FROM pg_temp.newest;
SELECT datasurface.ds_require('outcomes'); -- fails
\echo :SQLSTATE
CALL datasurface.ds_run_to_end('outcomes'); -- fails
\echo :SQLSTATE
SELECT batch, state FROM pg_temp.newest;
SELECT id, v, ds_surf_batch_in FROM outcomes.t ORDER BY id;
SELECT count(*) AS closed FROM outcomes.t_history;
SELECT count(*) AS still_staged FROM outcomes.t_staging;
ALTER TABLE outcomes.t DROP CONSTRAINT small, ADD CONSTRAINT distinct_v UNIQUE (v);
INSERT INTO outcomes_source.t VALUES (3, 11);
SELECT pg_temp.attempt(); -- a retry pulls anew, so row 3 is there
UPDATE outcomes_source.t SET v = 0 WHERE id = 3;
SELECT datasurface.ds_run('outcomes');
UPDATE outcomes_source.t SET v = 11 WHERE id = 3;
SELECT datasurface.ds_run('outcomes');
SELECT sqlstate, error_step FROM pg_temp.newest;
SELECT datasurface.ds_reset_batch('outcomes', (SELECT batch FROM pg_temp.newest));
ALTER TABLE outcomes.t DROP CONSTRAINT distinct_v;
-- a trigger raises, with words of its own
CREATE FUNCTION outcomes_source.object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'not on % of %', TG_OP, NEW.id USING ERRCODE = 'ZZ123', DETAIL = 'the detail', HINT = 'the hint';
END $$;
CREATE TRIGGER object AFTER UPDATE ON outcomes.t FOR EACH ROW EXECUTE FUNCTION outcomes_source.object();
SELECT datasurface.ds_run('outcomes');
TABLE pg_temp.newest;
SELECT datasurface.ds_require('outcomes'); -- fails
\echo :SQLSTATE
DROP TRIGGER object ON outcomes.t;
CREATE FUNCTION outcomes_source.say_nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION ''; END $$;
CREATE TRIGGER say_nothing AFTER UPDATE ON outcomes.t FOR EACH ROW EXECUTE FUNCTION outcomes_source.say_nothing();
SELECT datasurface.ds_run('outcomes');
SELECT datasurface.ds_require('outcomes'); -- fails, with no message of its own
\echo :SQLSTATE
DROP TRIGGER say_nothing ON outcomes.t;
-- a deferred constraint is asked within the batch, and not by a COMMIT after DONE
CREATE TABLE outcomes_source.known (v integer PRIMARY KEY);
INSERT INTO outcomes_source.known VALUES (0), (21);
ALTER TABLE outcomes.t ADD FOREIGN KEY (v) REFERENCES outcomes_source.known DEFERRABLE INITIALLY DEFERRED NOT VALID;
BEGIN;
SELECT datasurface.ds_run('outcomes');
COMMIT;
SELECT state, sqlstate FROM pg_temp.newest;
INSERT INTO outcomes_source.known VALUES (11);
SELECT datasurface.ds_run('outcomes');
SELECT batch, state, error_step, sqlstate FROM pg_temp.newest;
SELECT id, v FROM outcomes.t ORDER BY id;
-- the single steps raise instead, and leave the batch as it was
UPDATE outcomes_source.t SET v = 99 WHERE id = 1;
SELECT datasurface.ds_start_batch('outcomes') AS batch \gset
SELECT datasurface.ds_ingest('outcomes', :batch);
SELECT datasurface.ds_merge_staging('outcomes', :batch); -- fails
\echo :SQLSTATE
SELECT state, sqlstate FROM pg_temp.newest;
INSERT INTO outcomes_source.known VALUES (99);
SELECT * FROM datasurface.ds_merge_staging('outcomes', :batch);
-- a trigger that suppresses a write would leave less than the counts say: 40001, nothing recorded, for a retry may mend
-- it
CREATE FUNCTION outcomes_source.suppress() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER suppress BEFORE UPDATE ON outcomes.t FOR EACH ROW EXECUTE FUNCTION outcomes_source.suppress();
UPDATE outcomes_source.t SET v = 0 WHERE id = 1;
SELECT datasurface.ds_run('outcomes', 'suppressed'); -- fails
\echo :SQLSTATE
SELECT state FROM pg_temp.newest;
DROP TRIGGER suppress ON outcomes.t;
SELECT datasurface.ds_run('outcomes', 'suppressed');
-- the procedure commits, and so needs to be called at the top
BEGIN;
CALL datasurface.ds_run_to_end('outcomes'); -- fails
\echo :SQLSTATE
ROLLBACK;
DO $$ BEGIN CALL datasurface.ds_run_to_end('outcomes', 'from DO'); END $$;
SELECT datasurface.ds_require('outcomes', 'from DO') = (SELECT batch FROM pg_temp.newest) AS done;
