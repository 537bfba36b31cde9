-- A model that changes while a batch is open: what was staged by the old definition is not merged by the new one. A
-- reset adopts the new one; a pull that is still to be staged adopts it by itself. Descriptions do not count.
SET datasurface.pull = staged;
CREATE SCHEMA change_source;
CREATE TABLE change_source.t (id integer, v text, w text);
INSERT INTO change_source.t VALUES (1, 'v', 'w');
CREATE FUNCTION pg_temp.load(columns text, description text DEFAULT 'd', others jsonb DEFAULT '[]') RETURNS boolean
    LANGUAGE sql AS $$
    SELECT version > 0 FROM jsonb_build_object('description', description) more, datasurface.ds_load_model(scene.model(
        scene.store('change_pull', scene.dataset('a', query => 'SELECT 1 AS id')
            || scene.dataset('t', columns, 'TABLE change_source.t', milestoned => true, more => more) || others)
        || scene.store('change_push', scene.dataset('t', columns, more => more))), replace => false)
$$;
CREATE FUNCTION pg_temp.reconcile() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FILTER (WHERE action = 'failed')
        FROM unnest('{change_pull,change_push}'::text[]) store, datasurface.ds_reconcile_schema(store) $$;
SELECT pg_temp.load('id integer, v text'), pg_temp.reconcile() AS failed;

-- a pull, staged: a column is added
SELECT datasurface.ds_start_batch('change_pull');
SELECT datasurface.ds_ingest('change_pull', 1);
SELECT pg_temp.load('id integer, v text, w text');
SELECT datasurface.ds_merge_staging('change_pull', 1); -- fails: changed
\echo :SQLSTATE
SELECT pg_temp.reconcile() AS failed;
SELECT datasurface.ds_merge_staging('change_pull', 1); -- fails: changed
\echo :SQLSTATE
SELECT datasurface.ds_run('change_pull'); -- pulls by the new one
SELECT state, error_sqlstate FROM datasurface.batches WHERE stream = 'change_pull';
SELECT id, v, w FROM change_pull.t;

-- a push: the seal refuses as well
ALTER TABLE change_source.t ADD x text DEFAULT 'x';
SELECT datasurface.ds_start_batch('change_push');
INSERT INTO change_push.t_staging (id, v) VALUES (1, 'v');
SELECT pg_temp.load('id integer, v text, w text, x text'), pg_temp.reconcile() AS failed;
SELECT datasurface.ds_ingest('change_push', 1, 1); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('change_push', 1);
SELECT count(*) AS staged FROM change_push.t_staging;
INSERT INTO change_push.t_staging (id, v, x) VALUES (1, 'v', 'x');
SELECT datasurface.ds_ingest('change_push', 1, 1);
SELECT datasurface.ds_run('change_push');
SELECT id, v, w, x FROM change_push.t;

-- a pull that is only started adopts the change when it stages: a column, a query, a dataset more
SELECT datasurface.ds_start_batch('change_pull');
SELECT pg_temp.load('id integer, v text, w text, x text', others => scene.dataset('z', query => 'SELECT 7 AS id'));
SELECT datasurface.ds_ingest('change_pull', 2); -- fails: not reconciled
\echo :SQLSTATE
SELECT pg_temp.reconcile() AS failed;
SELECT datasurface.ds_run('change_pull');
SELECT dataset, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'change_pull' AND batch = 2 ORDER BY 1;

-- also what it has staged itself; it fails, and goes on, as long as the tables do not match
SELECT datasurface.ds_run('change_pull', 'staged before', budget => '0');
SELECT pg_temp.load('id integer, v text, w text, x text',
    others => scene.dataset('z', query => 'SELECT 8 AS id', more => '{"fillfactor": 80}'));
SELECT datasurface.ds_run('change_pull', 'staged before');
SELECT error_step, error_sqlstate FROM datasurface.batches WHERE stream = 'change_pull' AND batch = 3;
SELECT pg_temp.reconcile() AS failed;
SELECT datasurface.ds_run('change_pull', 'staged before', budget => '0');
SELECT pg_temp.load('id integer, v text, w text, x text', others => scene.dataset('z', query => 'SELECT 7 AS id')),
    pg_temp.reconcile() AS failed;
SELECT datasurface.ds_run('change_pull', 'staged before');
SELECT id FROM change_pull.z;

-- a dataset joins or leaves while the rows are staged
SELECT datasurface.ds_start_batch('change_pull');
SELECT datasurface.ds_ingest('change_pull', 4);
SELECT pg_temp.load('id integer, v text, w text, x text');
SELECT datasurface.ds_merge_staging('change_pull', 4); -- fails
\echo :SQLSTATE
SELECT pg_temp.load('id integer, v text, w text, x text', others => scene.dataset('z', query => 'SELECT 7 AS id'));
-- put back, it goes on, and another description is no change
SELECT pg_temp.load('id integer, v text, w text, x text', 'another description',
    scene.dataset('z', query => 'SELECT 7 AS id'));
SELECT * FROM datasurface.ds_merge_staging('change_pull', 4);
SELECT pg_temp.reconcile() AS failed;
SELECT obj_description('change_pull.t'::regclass, 'pg_class');
