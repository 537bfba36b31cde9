-- The tables of a dataset that leaves the model stay, as an orphan, until ds_drop_dataset drops them; then its name is free. In a
-- database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE what_leaves_the_model_can_be_dropped;
\c what_leaves_the_model_can_be_dropped
SET datasurface.pull = staged;
CREATE EXTENSION datasurface;
CREATE SCHEMA drop_source;
CREATE TABLE drop_source.t AS SELECT 1 AS id, 'a' AS v;
CREATE ROLE regress_drop_owner;
CREATE ROLE regress_drop_desk;
CREATE ROLE regress_drop_stranger;
GRANT CREATE ON DATABASE :DBNAME TO regress_drop_owner, regress_drop_desk;
GRANT USAGE ON SCHEMA drop_source TO regress_drop_owner;
GRANT SELECT ON drop_source.t TO regress_drop_owner;
CREATE FUNCTION pg_temp.store(name text, datasets text[], more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, coalesce((SELECT scene.list(scene.dataset(d, 'id integer, v text', 'TABLE drop_source.t',
            milestoned => true)) FROM unnest(datasets) d), '[]'), '{"owner": "regress_drop_owner",
            "consumers": [{"workspace": "drop_desk"}]}' || more) $$;
CREATE FUNCTION pg_temp.desk(sinks text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.workspace('drop_desk', sinks, '{"owner": "regress_drop_desk"}') $$;
CREATE FUNCTION pg_temp.load(stores jsonb, sinks text[]) RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(stores, pg_temp.desk(sinks)), replace => false) $$;
CREATE VIEW relations AS SELECT c.oid::regclass AS relation FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname LIKE 'dropped%' OR nspname = 'drop_desk';
CREATE VIEW recorded AS SELECT s.name AS store, d.name AS dataset, r.name, r.kind FROM datasurface.store s
    LEFT JOIN datasurface.dataset d USING (store_id) LEFT JOIN datasurface.relation r USING (dataset_id)
    WHERE s.name LIKE 'dropped%';
CREATE VIEW numbered AS SELECT t.name AS stream, b.batch_id AS batch, b.state, count(DISTINCT x.dataset_id) AS datasets,
        count(DISTINCT r.run_id) AS run_ids
    FROM datasurface.stream t LEFT JOIN datasurface.batch b USING (stream_id)
    LEFT JOIN datasurface.batch_dataset x USING (stream_id, batch_id)
    LEFT JOIN datasurface.batch_run r USING (stream_id, batch_id)
    WHERE t.name LIKE 'dropped%' GROUP BY 1, 2, 3;

-- A store of consistency multi
CALL scene.make(pg_temp.store('dropped', '{a,b}'), pg_temp.desk('{dropped.a,dropped.b}'));
SELECT datasurface.ds_run('dropped', run_id => 'monday');
SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'a'); -- fails
\echo :SQLSTATE
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a')$$);
SELECT pg_temp.load(pg_temp.store('dropped', '{b}'), '{dropped.b}');

-- it is shown
SELECT store, dataset, store_in_model, owner, relations, bytes > 0 AS has_bytes, help FROM datasurface.orphans
WHERE store = 'dropped';
SELECT object, action, statement, class, lock, bytes > 0 AS has_bytes, reason, fingerprint
FROM datasurface.ds_plan_schema(store => 'dropped') WHERE action = 'orphan';
SELECT object, action, class FROM datasurface.ds_plan_schema(scene.model(pg_temp.store('dropped', '{a}'),
    pg_temp.desk('{dropped.a}')), store => 'dropped', replace => false) WHERE action = 'orphan';
SELECT object, action FROM datasurface.ds_reconcile_schema('dropped');

-- and refused
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('drapped', 'a', confirm => 'drapped.a')$$);
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', 'A', confirm => 'dropped.A')$$);
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.b')$$);
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', NULL, confirm => 'dropped.a')$$);
GRANT EXECUTE ON FUNCTION datasurface.ds_drop_dataset TO regress_drop_stranger, regress_drop_owner;
SET ROLE regress_drop_stranger;
SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a'); -- fails
\echo :SQLSTATE
RESET ROLE;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a'); -- fails
\echo :SQLSTATE
ROLLBACK;
-- a name that an orphan has, for another dataset
SELECT code, message, hint FROM datasurface.ds_validate_model(scene.model(scene.store('dropped',
    scene.dataset('a', 'id integer, v text', 'TABLE drop_source.t', more => '{"was": "b"}'),
    '{"owner": "regress_drop_owner"}')), replace => false) WHERE severity = 'error';

-- objects of others: views, a function and a column of its row type, a foreign key, a view on a view
GRANT USAGE ON SCHEMA dropped TO PUBLIC;
CREATE SCHEMA drop_others;
CREATE VIEW drop_others.on_table AS SELECT id FROM dropped.a;
CREATE MATERIALIZED VIEW drop_others.on_history AS SELECT id FROM dropped.a_history;
CREATE VIEW drop_others.on_function AS SELECT id FROM dropped.a_as_of(1);
CREATE VIEW drop_others.on_view AS SELECT id FROM drop_desk.a;
CREATE TABLE drop_others.of_type (r dropped.a);
CREATE TABLE drop_others.refers (id integer REFERENCES dropped.a);
CREATE FUNCTION drop_others.takes(dropped.a_staging) RETURNS integer LANGUAGE sql RETURN 1;
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a')$$);
SELECT count(*) FROM relations WHERE relation::text LIKE '%.a%';
DROP SCHEMA drop_others CASCADE;

-- a table of somebody else under the name of ours, and a view that somebody changed
ALTER TABLE dropped.a_history OWNER TO regress_drop_desk;
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a')$$);
ALTER TABLE dropped.a_history OWNER TO regress_drop_owner;
CREATE OR REPLACE VIEW drop_desk.a_full AS SELECT ds_surf_batch_in, ds_surf_batch_out, id, v FROM dropped.a_history;
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a')$$);
DROP VIEW drop_desk.a_full;

-- An open batch that was begun with it: the run pulls anew, without it.
SELECT pg_temp.load(pg_temp.store('dropped', '{a,b}'), '{dropped.b}');
INSERT INTO drop_source.t VALUES (2, 'b');
SELECT datasurface.ds_run('dropped', run_id => 'tuesday', budget => '0');
SELECT pg_temp.load(pg_temp.store('dropped', '{b}'), '{dropped.b}');
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a')$$);
SELECT datasurface.ds_run('dropped', run_id => 'tuesday');

-- as a member of the store's owner; what is there of its own goes with the tables
CREATE INDEX ON dropped.a (v);
CREATE PUBLICATION regress_drop FOR TABLE dropped.a;
SELECT max(operation) AS before FROM datasurface.operations \gset
SELECT * FROM numbered ORDER BY stream, batch;
SET ROLE regress_drop_owner;
SELECT * FROM datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a');
RESET ROLE;
DROP PUBLICATION regress_drop;
SELECT role, store, dataset, action, class, statement, outcome FROM datasurface.operations WHERE operation > :before
ORDER BY operation;
-- the batches of the others are as they were
SELECT * FROM numbered ORDER BY stream, batch;
SELECT relation FROM relations ORDER BY relation::text COLLATE "C";
SELECT DISTINCT store, dataset FROM recorded ORDER BY 1, 2;
SELECT * FROM datasurface.orphans WHERE store = 'dropped';
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('dropped', 'a', confirm => 'dropped.a')$$);
SELECT action FROM datasurface.ds_reconcile_schema('dropped');
INSERT INTO drop_source.t VALUES (3, 'c');
SELECT datasurface.ds_run('dropped', run_id => 'wednesday');

-- the name is free, for another dataset, or for a new one
SELECT pg_temp.load(pg_temp.store('dropped', '{a,b}'), '{dropped.b}');
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('dropped');
SELECT datasurface.ds_run('dropped', run_id => 'thursday');
SELECT id, v FROM dropped.a_as_of(4) ORDER BY id;

-- Consistency single: its stream goes with it, with batches and run ids. Tables that somebody dropped are no hindrance.
CALL scene.make(pg_temp.store('dropped_single', '{a,b}', '{"consistency": "single"}'), pg_temp.desk('{dropped_single.a}'));
SELECT datasurface.ds_run('dropped_single#a', run_id => 'monday'), datasurface.ds_run('dropped_single#b', run_id => 'monday');
SELECT pg_temp.load(pg_temp.store('dropped_single', '{b}', '{"consistency": "single"}'), '{dropped.b}');
DROP TABLE dropped_single.a_staging;
SELECT * FROM numbered ORDER BY stream, batch;
SELECT * FROM datasurface.ds_drop_dataset('dropped_single', 'a', 'dropped_single.a');
SELECT * FROM numbered ORDER BY stream, batch;
SELECT pg_temp.load(pg_temp.store('dropped_single', '{a,b}', '{"consistency": "single"}'), '{dropped.b}');
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('dropped_single');
SELECT datasurface.ds_run('dropped_single#a', run_id => 'monday');
SELECT stream, batch FROM numbered WHERE stream LIKE 'dropped\_single#%';

-- A store that has left the model goes with the last of its datasets.
SELECT count(*) > 0 AS loaded FROM datasurface.ds_load_model('{"stores": []}');
SELECT store, dataset, store_in_model FROM datasurface.orphans WHERE store LIKE 'dropped%' ORDER BY 1, 2;
SELECT reason FROM datasurface.ds_plan_schema() WHERE reason LIKE '%"dropped%' AND action = 'orphan';
SELECT count(*) FROM datasurface.ds_drop_dataset('dropped', 'a', 'dropped.a');
SELECT DISTINCT store, dataset FROM recorded ORDER BY 1, 2;
SELECT count(*) FROM datasurface.ds_drop_dataset('dropped', 'b', 'dropped.b');
SELECT DISTINCT store, dataset FROM recorded ORDER BY 1, 2;
SELECT * FROM numbered ORDER BY stream, batch;
-- nothing refers to what is gone
SELECT count(*) FROM datasurface.batch_dataset x WHERE NOT EXISTS (SELECT FROM datasurface.dataset d
    WHERE d.dataset_id = x.dataset_id) OR NOT EXISTS (SELECT FROM datasurface.batch b
    WHERE (b.stream_id, b.batch_id) = (x.stream_id, x.batch_id));
SELECT count(*) FROM datasurface.batch_run r WHERE NOT EXISTS (SELECT FROM datasurface.stream t
    WHERE t.stream_id = r.stream_id);
\c :regress_database
DROP DATABASE what_leaves_the_model_can_be_dropped;
DROP ROLE regress_drop_owner, regress_drop_desk, regress_drop_stranger;
