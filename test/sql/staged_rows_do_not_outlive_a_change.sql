-- Rows that were staged before the model changed are never published with those of a later batch, and a reset removes them, however
-- the table is called and whoever owns it by then. In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE staged_rows_do_not_outlive_a_change;
\c staged_rows_do_not_outlive_a_change
SET datasurface.pull = staged;
CREATE EXTENSION datasurface;
CREATE ROLE regress_staged_one;
CREATE ROLE regress_staged_two;
GRANT CREATE ON DATABASE :DBNAME TO regress_staged_one, regress_staged_two;
CREATE SCHEMA regress_staged_source;
GRANT USAGE ON SCHEMA regress_staged_source TO PUBLIC;
CREATE TABLE regress_staged_source.t AS SELECT 1 AS id, '1' AS k;
GRANT SELECT ON regress_staged_source.t TO PUBLIC;
CREATE FUNCTION pg_temp.store(name text, kind text, datasets text[], more jsonb DEFAULT '{}', type text DEFAULT 'text')
    RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.list(scene.dataset(d, 'id integer, k ' || type, CASE kind WHEN 'pull' THEN
            'SELECT id, k::' || type || ' AS k FROM regress_staged_source.t' END) ORDER BY d), '{"consistency": "multi"}' || more)
    FROM unnest(datasets) d $$;
CREATE FUNCTION pg_temp.load(stores jsonb) RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(stores), replace => false) $$;
-- Seals and publishes what is staged, with a row more in a and b.
CREATE FUNCTION pg_temp.push(store text, schema text DEFAULT NULL, OUT sealed bigint, OUT ended text) LANGUAGE plpgsql AS $$
DECLARE batch integer := datasurface.ds_start_batch(store);
BEGIN
    EXECUTE format('INSERT INTO %1$I.a_staging (id, k) VALUES (7, 7); INSERT INTO %1$I.b_staging (id, k) VALUES (7, 7)',
        coalesce(schema, store));
    sealed := datasurface.ds_ingest(store, batch);
    ended := datasurface.ds_run(store);
END $$;

-- What a pull has staged for a dataset that leaves goes with the next pull.
CALL scene.make(pg_temp.store('regress_staged', 'pull', '{a,b}'));
SELECT datasurface.ds_run('regress_staged');
INSERT INTO regress_staged_source.t VALUES (666, '666');
SELECT datasurface.ds_run('regress_staged', 'r', '0');
DELETE FROM regress_staged_source.t WHERE id = 666;
SELECT pg_temp.load(pg_temp.store('regress_staged', 'pull', '{a}'));
SELECT count(*) AS staged FROM regress_staged.b_staging;
SELECT datasurface.ds_run('regress_staged', 'r');
SELECT count(*) AS staged FROM regress_staged.b_staging;
CALL scene.make(pg_temp.store('regress_staged', 'push', '{a,b}'));
SELECT * FROM pg_temp.push('regress_staged');

-- So does what was pushed for it, where the others are pulled from then on.
SELECT datasurface.ds_start_batch('regress_staged');
INSERT INTO regress_staged.b_staging (id, k) VALUES (666, '666');
CALL scene.make(pg_temp.store('regress_staged', 'pull', '{a}'));
SELECT datasurface.ds_run('regress_staged');
SELECT count(*) AS staged FROM regress_staged.b_staging;

-- A table that becomes that of a push is empty, whoever has put rows there.
CALL scene.make(pg_temp.store('regress_staged', 'pull', '{a,b}'));
SELECT datasurface.ds_run('regress_staged');
INSERT INTO regress_staged.b_staging (id, k) VALUES (666, '666');
SELECT pg_temp.load(pg_temp.store('regress_staged', 'push', '{a,b}'));
SELECT object, statement, class FROM datasurface.ds_plan_schema(store => 'regress_staged');
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('regress_staged');
SELECT * FROM pg_temp.push('regress_staged');
SELECT id FROM regress_staged.b ORDER BY id;

-- That somebody made it unlogged is no such change.
INSERT INTO regress_staged.b_staging (id, k) VALUES (8, '8');
ALTER TABLE regress_staged.b_staging SET UNLOGGED;
SELECT statement FROM datasurface.ds_reconcile_schema('regress_staged');
SELECT * FROM pg_temp.push('regress_staged');

-- A reset before the change of a schema is reconciled finds the rows where they are.
SELECT datasurface.ds_start_batch('regress_staged') AS batch \gset
INSERT INTO regress_staged.b_staging (id, k) VALUES (666, '666');
SELECT pg_temp.load(pg_temp.store('regress_staged', 'push', '{a,b}', '{"schema": "regress_staged_moved"}'));
SELECT datasurface.ds_reset_batch('regress_staged', :batch);
SELECT count(*) AS staged FROM regress_staged.b_staging;
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('regress_staged');
INSERT INTO regress_staged_moved.a_staging (id, k) VALUES (8, 8);
SELECT datasurface.ds_ingest('regress_staged', :batch), datasurface.ds_run('regress_staged');

-- One load takes a dataset out and changes the owner: the batch can be reset, and the dataset dropped.
CALL scene.make(pg_temp.store('regress_staged_owned', 'push', '{a,b,c}', '{"owner": "regress_staged_one"}'));
GRANT USAGE, CREATE ON SCHEMA regress_staged_owned TO regress_staged_two;
SELECT datasurface.ds_start_batch('regress_staged_owned') AS batch \gset
INSERT INTO regress_staged_owned.a_staging (id, k) VALUES (666, '666');
INSERT INTO regress_staged_owned.b_staging (id, k) VALUES (666, '666');
INSERT INTO regress_staged_owned.c_staging (id, k) VALUES (666, '666');
SELECT datasurface.ds_ingest('regress_staged_owned', :batch);
SELECT pg_temp.load(pg_temp.store('regress_staged_owned', 'push', '{a}', '{"owner": "regress_staged_two"}'));
-- what has left the model, and belongs to somebody else by now, is left as it is
ALTER TABLE regress_staged_owned.c_staging OWNER TO regress_staged_two;
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('regress_staged_owned', 'b', 'regress_staged_owned.b')$$);
BEGIN; -- before and after the change of the owner is reconciled
SELECT datasurface.ds_reset_batch('regress_staged_owned', :batch);
SELECT (SELECT count(*) FROM regress_staged_owned.a_staging) AS a, (SELECT count(*) FROM regress_staged_owned.b_staging) AS b;
ROLLBACK;
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('regress_staged_owned');
SELECT datasurface.ds_reset_batch('regress_staged_owned', :batch);
SELECT (SELECT count(*) FROM regress_staged_owned.a_staging) AS a, (SELECT count(*) FROM regress_staged_owned.b_staging) AS b,
    (SELECT count(*) FROM regress_staged_owned.c_staging) AS c;
SELECT count(*) AS dropped FROM datasurface.ds_drop_dataset('regress_staged_owned', 'b', 'regress_staged_owned.b');
INSERT INTO regress_staged_owned.a_staging (id, k) VALUES (8, '8');
SELECT datasurface.ds_ingest('regress_staged_owned', :batch), datasurface.ds_run('regress_staged_owned');

-- What a pull has staged needs no conversion, for it begins anew. What was pushed does.
CALL scene.make(pg_temp.store('regress_staged_typed', 'pull', '{a,b}'));
INSERT INTO regress_staged_source.t VALUES (2, 'no number');
SELECT datasurface.ds_run('regress_staged_typed', 'r', '0');
DELETE FROM regress_staged_source.t WHERE id = 2;
SELECT pg_temp.load(pg_temp.store('regress_staged_typed', 'pull', '{a,b}', type => 'integer'));
SELECT object, statement, class FROM datasurface.ds_plan_schema(store => 'regress_staged_typed') WHERE object LIKE '%b%';
SELECT count(*) FILTER (WHERE action IN ('failed', 'waiting')) AS failed
FROM datasurface.ds_reconcile_schema('regress_staged_typed', '{lossy}');
SELECT datasurface.ds_run('regress_staged_typed', 'r');
SELECT state, error_message FROM datasurface.batches WHERE stream = 'regress_staged_typed';

CALL scene.make(pg_temp.store('regress_staged_pushed', 'push', '{a,b}'));
SELECT datasurface.ds_start_batch('regress_staged_pushed') AS batch \gset
INSERT INTO regress_staged_pushed.b_staging (id, k) VALUES (2, 'no number');
SELECT datasurface.ds_ingest('regress_staged_pushed', :batch);
SELECT pg_temp.load(pg_temp.store('regress_staged_pushed', 'push', '{a,b}', type => 'integer'));
SELECT object, action, detail FROM datasurface.ds_reconcile_schema('regress_staged_pushed', '{lossy}') WHERE object LIKE '%b%';
SELECT datasurface.ds_reset_batch('regress_staged_pushed', :batch);
SELECT count(*) FILTER (WHERE action IN ('failed', 'waiting')) AS failed
FROM datasurface.ds_reconcile_schema('regress_staged_pushed', '{lossy}');
SELECT pg_temp.load(pg_temp.store('regress_staged_pushed', 'push', '{a,b}')); -- a change of kind and type at once: emptied once
SELECT pg_temp.load(pg_temp.store('regress_staged_typed', 'push', '{a,b}'));
SELECT object, statement, class FROM datasurface.ds_plan_schema(store => 'regress_staged_typed') WHERE object LIKE '%b%';
\c :regress_database
DROP DATABASE staged_rows_do_not_outlive_a_change;
DROP ROLE regress_staged_one, regress_staged_two;
