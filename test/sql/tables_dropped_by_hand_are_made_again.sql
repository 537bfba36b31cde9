-- A table that somebody dropped: the view says that its dataset is not reconciled, a batch names the table and what to
-- call, and reconcile makes it anew, without the rows that it had. What tables do not depend on leaves a dataset
-- reconciled.
CREATE SCHEMA dropped_source;
CREATE TABLE dropped_source.t (id integer, v text);
INSERT INTO dropped_source.t VALUES (1, 'one'), (2, 'two');
CREATE FUNCTION pg_temp.load(query text DEFAULT 'TABLE dropped_source.t', more jsonb DEFAULT '{}') RETURNS boolean
    LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(
        scene.store('dropped', scene.dataset('t', 'id integer, v text', query, milestoned => true, more => more)),
        scene.workspace('dropped_desk', '{dropped.t}')), replace => false)
$$;
CREATE FUNCTION pg_temp.reconcile() RETURNS TABLE (object text, action text, error text) LANGUAGE sql AS $$
    SELECT object, action, error FROM datasurface.ds_reconcile_schema('dropped') WHERE action <> 'comment' $$;
CREATE FUNCTION pg_temp.reconciled() RETURNS boolean LANGUAGE sql AS $$ SELECT reconciled FROM datasurface.datasets
    WHERE store = 'dropped' $$;
SELECT pg_temp.load();
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM pg_temp.reconcile();
SELECT datasurface.ds_run('dropped'), pg_temp.reconciled();
UPDATE dropped_source.t SET v = 'two, changed' WHERE id = 2;
SELECT datasurface.ds_run('dropped');

-- the query, and which of two rows wins, concern no table
SELECT pg_temp.load('SELECT id, v FROM dropped_source.t', '{"duplicate_keys": "last"}');
SELECT pg_temp.reconciled(), datasurface.ds_run('dropped');
SELECT * FROM pg_temp.reconcile();
-- an index of the history that is not wanted any more, and one that is wanted again; only ours is dropped
SELECT pg_temp.load(more => '{"history_key_index": false}'), pg_temp.reconciled();
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.reconciled();
SELECT * FROM pg_temp.reconcile();
CREATE INDEX t_history_key_idx ON dropped.t_history (v);
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.load(); -- fails
DROP INDEX dropped.t_history_key_idx;
SELECT pg_temp.load(), pg_temp.reconciled();
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.reconciled(), datasurface.ds_run('dropped');

SELECT * FROM dropped_desk.t_full ORDER BY id;

-- the staging table
DROP TABLE dropped.t_staging;
SELECT pg_temp.reconciled();
SELECT datasurface.ds_run('dropped');
SELECT datasurface.ds_require('dropped'); -- fails
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.reconciled(), datasurface.ds_run('dropped');
-- the history, with what stands on it
DROP TABLE dropped.t_history CASCADE;
SELECT pg_temp.reconciled();
SELECT datasurface.ds_run('dropped');
SELECT datasurface.ds_require('dropped'); -- fails
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.reconciled(), datasurface.ds_run('dropped');
SELECT * FROM dropped_desk.t_full ORDER BY id;
-- a table that was renamed is still read: nothing is made anew in its place, and one row says so
ALTER TABLE dropped.t RENAME TO t_elsewhere;
SELECT pg_temp.reconciled();
SELECT object, action, error, detail, hint FROM datasurface.ds_reconcile_schema('dropped') WHERE action = 'failed' \gx
ALTER TABLE dropped.t_elsewhere RENAME TO t;
ALTER TABLE dropped.t_staging RENAME TO t_elsewhere;
SELECT object, action, error FROM datasurface.ds_reconcile_schema('dropped') WHERE action = 'failed';
ALTER TABLE dropped.t_elsewhere RENAME TO t_staging;
SELECT pg_temp.reconciled();
SELECT * FROM pg_temp.reconcile();
-- the merge table: the next batch inserts all rows anew, and earlier batches have lost those that were current
DROP TABLE dropped.t CASCADE;
SELECT pg_temp.reconciled();
SELECT datasurface.ds_run('dropped');
SELECT datasurface.ds_require('dropped'); -- fails
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.reconciled(), datasurface.ds_run('dropped');
SELECT * FROM dropped_desk.t ORDER BY id;
SELECT * FROM dropped.t_as_of(3) ORDER BY id;
-- all of them, with their schema
DROP SCHEMA dropped CASCADE;
SELECT merge_table, merge_bytes, pg_temp.reconciled() FROM datasurface.datasets WHERE store = 'dropped';
SELECT count(*) FILTER (WHERE action = 'create') AS made, count(*) FILTER (WHERE action = 'failed') AS failed
    FROM pg_temp.reconcile();
SELECT pg_temp.reconciled(), datasurface.ds_run('dropped');

-- a view in the place of a table is said to be one
ALTER TABLE dropped.t RENAME TO kept;
CREATE VIEW dropped.t AS SELECT * FROM dropped.kept;
SELECT pg_temp.reconciled();
SELECT object, action, error, detail, hint FROM datasurface.ds_reconcile_schema('dropped')
    WHERE object = '"dropped"."t"' AND action = 'failed';
DROP VIEW dropped.t;
ALTER TABLE dropped.kept RENAME TO t;
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.reconciled();

-- how to be rid of a column
SELECT pointer, message, hint FROM
    datasurface.ds_validate_model($m${"stores": [{"name": "dropped", "description": "d", "datasets": [
        {"name": "t", "description": "d", "primary_key": ["id"], "milestoning": "milestoned",
            "ingestion": {"kind": "sql_snapshot", "query": "TABLE dropped_source.t"},
         "columns": [{"name": "id", "type": "integer"}, {"name": "new", "type": "text", "nullable": false}]}]}]}$m$,
             replace => false) WHERE severity = 'error';
SELECT pg_temp.load('SELECT id, NULL::text AS v FROM dropped_source.t'), datasurface.ds_run('dropped');
SELECT * FROM dropped_desk.t ORDER BY id;
