-- A store that goes from multi to single and back while a batch is open. Rows that are staged would get into a batch
-- that they do not belong to, so the load is refused; a batch without any is over, and numbers never run backwards.
SET datasurface.pull = staged;
\set SHOW_CONTEXT never
CREATE SCHEMA regress_turn_source;
CREATE TABLE regress_turn_source.t (id integer, v text);
INSERT INTO regress_turn_source.t VALUES (1, 'a');
CREATE FUNCTION pg_temp.load(consistency text, names text[] DEFAULT '{t}') RETURNS integer LANGUAGE sql AS $$
    SELECT count(*)::integer FROM datasurface.ds_load_model(scene.model((
        SELECT scene.list(scene.store('regress_turn_' || kind, (
            SELECT scene.list(scene.dataset(name, 'id integer, v text', query, milestoned => true,
                more => '{"duplicate_keys": "last"}')) FROM unnest(names) name),
            jsonb_build_object('consistency', consistency)))
        FROM (VALUES ('pull', 'TABLE regress_turn_source.t'), ('push', NULL)) kinds(kind, query))), replace => false)
$$;
CREATE FUNCTION pg_temp.reconcile() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FILTER (WHERE action = 'failed')
        FROM unnest('{pull,push}'::text[]) kind, datasurface.ds_reconcile_schema('regress_turn_' || kind) $$;
CREATE VIEW pg_temp.batches AS SELECT stream, batch, state FROM datasurface.batches
    WHERE stream LIKE 'regress_turn%' ORDER BY 1, 2;
SELECT pg_temp.load('multi') AS loaded, pg_temp.reconcile() AS failed;

-- nothing is staged: the batch is discarded, and both directions go on above every number that was used
SELECT datasurface.ds_run('regress_turn_pull'), datasurface.ds_start_batch('regress_turn_pull'),
    datasurface.ds_start_batch('regress_turn_push');
SELECT pg_temp.load('single') AS loaded;
TABLE pg_temp.batches;
UPDATE regress_turn_source.t SET v = 'b';
SELECT datasurface.ds_run('regress_turn_pull#t');
UPDATE regress_turn_source.t SET v = 'c';
SELECT datasurface.ds_run('regress_turn_pull#t');
SELECT datasurface.ds_start_batch('regress_turn_pull#t');
SELECT pg_temp.load('multi') AS loaded;
UPDATE regress_turn_source.t SET v = 'd';
SELECT datasurface.ds_run('regress_turn_pull');
TABLE pg_temp.batches;
SELECT v, ds_surf_batch_in, nullif(ds_surf_batch_out, 2147483647) AS ds_surf_batch_out
    FROM (TABLE regress_turn_pull.t UNION ALL TABLE regress_turn_pull.t_history) v ORDER BY 2;

-- rows are staged for a push: before the seal, after it, and when the batch has failed
SELECT datasurface.ds_start_batch('regress_turn_push') AS batch \gset
INSERT INTO regress_turn_push.t_staging (id, v) VALUES (1, 'old'), (2, 'gone since');
SELECT pg_temp.load('single'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_ingest('regress_turn_push', :batch, 2);
SELECT pg_temp.load('single'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_fail_batch('regress_turn_push', :batch, 'a reason');
SELECT pg_temp.load('single'); -- fails
-- nor may stores leave the model; other scenes have some as well, so which one is told first does not matter
\set VERBOSITY sqlstate
BEGIN;
SELECT datasurface.ds_load_model('{"stores": []}'); -- fails
ROLLBACK;
\set VERBOSITY default
SELECT consistency, stream, open_batch, open_state FROM datasurface.streams WHERE store = 'regress_turn_push';
SELECT datasurface.ds_reset_batch('regress_turn_push', :batch);
SELECT pg_temp.load('single') AS loaded;
SELECT datasurface.ds_start_batch('regress_turn_push#t') AS batch \gset
INSERT INTO regress_turn_push.t_staging (id, v) VALUES (1, 'new');
SELECT datasurface.ds_ingest('regress_turn_push#t', :batch, 1), datasurface.ds_run('regress_turn_push#t');
SELECT id, v, ds_surf_batch_in FROM regress_turn_push.t;

-- rows are staged for a pull, and the way is back
SELECT datasurface.ds_run('regress_turn_pull#t', 'in steps', budget => '0');
SELECT pg_temp.load('multi'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('regress_turn_pull#t', 'in steps');
SELECT pg_temp.load('multi') AS loaded;
TABLE pg_temp.batches;

-- a dataset that leaves a stream with an open batch: a reset removes what was staged for it, or it would get into a
-- batch when the dataset comes back; what came after the seal waits for the next one
SELECT pg_temp.load('multi', '{t,u}') AS loaded, pg_temp.reconcile() AS failed;
SELECT datasurface.ds_start_batch('regress_turn_push') AS batch \gset
INSERT INTO regress_turn_push.t_staging (id, v) VALUES (1, 't');
INSERT INTO regress_turn_push.u_staging (id, v) VALUES (1, 'u');
SELECT datasurface.ds_ingest('regress_turn_push', :batch, 2);
INSERT INTO regress_turn_push.u_staging (id, v) VALUES (2, 'after the seal');
SELECT pg_temp.load('multi') AS loaded, pg_temp.reconcile() AS failed;
SELECT datasurface.ds_run('regress_turn_push');
SELECT datasurface.ds_require('regress_turn_push'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('regress_turn_push', :batch);
SELECT 't' AS dataset, id, v FROM regress_turn_push.t_staging UNION ALL SELECT 'u', id, v
    FROM regress_turn_push.u_staging ORDER BY 1, 2;
SELECT datasurface.ds_ingest('regress_turn_push', :batch, 0), datasurface.ds_run('regress_turn_push');
