-- Whoever retries or takes over a pull gets the source's rows of now. What an earlier call staged is published by the
-- run that staged it, unless its merge has failed; by ds_merge_staging, which names the batch; and by nobody else.
SET datasurface.pull = staged;
\set SHOW_CONTEXT never
CREATE SCHEMA heal_source;
CREATE TABLE heal_source.t (id integer, v text);
INSERT INTO heal_source.t VALUES (1, 'monday');
CALL scene.make(scene.store('heal', scene.dataset('t', 'id integer, v text', 'TABLE heal_source.t')));
CREATE VIEW pg_temp.newest AS SELECT b.batch_id AS batch, b.state, b.resume_state, b.staged_by, b.error_step,
    b.error_sqlstate AS sqlstate, run_ids, (SELECT array_agg(v ORDER BY id) FROM heal.t) AS published
    FROM datasurface.batch b JOIN datasurface.stream s USING (stream_id) JOIN datasurface.batches v ON v.stream = s.name
        AND v.batch = b.batch_id WHERE s.name = 'heal' ORDER BY 1 DESC LIMIT 1;
CREATE PROCEDURE pg_temp.day(name text) LANGUAGE sql AS $$ UPDATE heal_source.t SET v = name WHERE id = 1 $$;

-- the run that staged it publishes it, without a new pull
SELECT datasurface.ds_run('heal', 'monday', budget => '0');
TABLE pg_temp.newest;
CALL pg_temp.day('tuesday');
SELECT datasurface.ds_run('heal', 'monday');
TABLE pg_temp.newest;
-- another run pulls anew, and a call without a run id
SELECT datasurface.ds_run('heal', 'tuesday', budget => '0');
CALL pg_temp.day('wednesday');
SELECT datasurface.ds_run('heal', 'wednesday', budget => '0');
TABLE pg_temp.newest;
CALL pg_temp.day('thursday');
SELECT datasurface.ds_run('heal', 'wednesday');
TABLE pg_temp.newest;
SELECT datasurface.ds_require('heal', 'tuesday') = datasurface.ds_require('heal', 'wednesday') AS one_batch;
SELECT datasurface.ds_run('heal', 'thursday', budget => '0');
CALL pg_temp.day('friday');
SELECT datasurface.ds_run('heal');
TABLE pg_temp.newest;
-- the run that was first comes back: the rows are no longer its own
SELECT datasurface.ds_run('heal', 'a', budget => '0'), datasurface.ds_run('heal', 'b', budget => '0');
CALL pg_temp.day('saturday');
SELECT datasurface.ds_run('heal', 'a');
TABLE pg_temp.newest;
-- what ds_ingest staged is for ds_merge_staging; a run pulls anew, also the run whose batch it is
SELECT datasurface.ds_start_batch('heal', 'c') AS batch \gset
SELECT datasurface.ds_ingest('heal', :batch);
CALL pg_temp.day('sunday');
SELECT datasurface.ds_run('heal', 'c');
TABLE pg_temp.newest;
SELECT datasurface.ds_start_batch('heal', 'd') AS batch \gset
SELECT datasurface.ds_ingest('heal', :batch);
CALL pg_temp.day('monday');
SELECT inserted, updated, deleted, unchanged FROM datasurface.ds_merge_staging('heal', :batch);
SELECT datasurface.ds_run('heal', 'e', budget => '0');
SELECT inserted, updated, deleted, unchanged FROM datasurface.ds_merge_staging('heal', :batch + 1);
TABLE pg_temp.newest;

-- a failed merge heals when the source does: under the same run id, under another, and without one
INSERT INTO heal_source.t VALUES (2, 'twice'), (2, 'twice');
SELECT datasurface.ds_run('heal', 'f');
TABLE pg_temp.newest;
SELECT datasurface.ds_require('heal', 'f'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_merge_staging('heal', (SELECT batch FROM pg_temp.newest)); -- fails: its merge has failed
\echo :SQLSTATE
UPDATE heal_source.t SET id = NULL, v = 'null' WHERE id = 2;
DELETE FROM heal_source.t WHERE ctid = (SELECT max(ctid) FROM heal_source.t WHERE id IS NULL);
SELECT datasurface.ds_run('heal', 'f');
SELECT batch, state, sqlstate FROM pg_temp.newest;
UPDATE heal_source.t SET id = 2 WHERE id IS NULL;
SELECT datasurface.ds_run('heal', 'f');
TABLE pg_temp.newest;
INSERT INTO heal_source.t VALUES (2, 'twice');
SELECT datasurface.ds_run('heal', 'g');
DELETE FROM heal_source.t WHERE v = 'twice';
SELECT datasurface.ds_run('heal', 'h');
TABLE pg_temp.newest;
INSERT INTO heal_source.t VALUES (2, 'twice');
SELECT datasurface.ds_run('heal'); -- no batch is lost: it fails in one call, with nothing staged for another
DELETE FROM heal_source.t WHERE v = 'twice';
SELECT datasurface.ds_run('heal');
TABLE pg_temp.newest;
-- as the hint says: another policy, instead of another source
INSERT INTO heal_source.t VALUES (2, 'the last');
SELECT datasurface.ds_run('heal', 'i');
CALL scene.make(scene.store('heal', scene.dataset('t', 'id integer, v text', 'TABLE heal_source.t',
    more => '{"duplicate_keys": "last"}')));
SELECT datasurface.ds_run('heal', 'i');
TABLE pg_temp.newest;
-- a failure of the new pull is one of the ingest, and the staged rows of before are not merged later
SELECT datasurface.ds_run('heal', 'j', budget => '0');
ALTER TABLE heal_source.t RENAME TO away;
SELECT datasurface.ds_run('heal', 'k');
TABLE pg_temp.newest;
ALTER TABLE heal_source.away RENAME TO t;
CALL pg_temp.day('the day after');
SELECT datasurface.ds_run('heal', 'j');
TABLE pg_temp.newest;
-- a person says that what is staged is not good
SELECT datasurface.ds_run('heal', 'l', budget => '0');
SELECT datasurface.ds_fail_batch('heal', (SELECT batch FROM pg_temp.newest), 'the source was still being loaded');
CALL pg_temp.day('when it was');
SELECT datasurface.ds_run('heal', 'l');
TABLE pg_temp.newest;

-- the procedure commits between the steps of a run that has a name; of others both steps are one transaction
CREATE FUNCTION heal_source.note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO heal_source.seen SELECT TG_TABLE_NAME, pg_current_xact_id(); RETURN NULL; END $$;
CREATE TABLE heal_source.seen (name text, xact xid8);
CREATE TRIGGER note AFTER INSERT ON heal.t_staging EXECUTE FUNCTION heal_source.note();
CREATE TRIGGER note AFTER UPDATE ON heal.t EXECUTE FUNCTION heal_source.note();
CALL pg_temp.day('by itself');
CALL datasurface.ds_run_to_end('heal');
SELECT array_agg(DISTINCT name ORDER BY name) AS seen, count(DISTINCT xact) AS transactions FROM heal_source.seen;
TRUNCATE heal_source.seen;
CALL pg_temp.day('by name');
CALL datasurface.ds_run_to_end('heal', 'm');
SELECT array_agg(DISTINCT name ORDER BY name) AS seen, count(DISTINCT xact) AS transactions FROM heal_source.seen;
SELECT published FROM pg_temp.newest;
