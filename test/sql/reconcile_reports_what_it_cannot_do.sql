-- What reconcile cannot do it says in a row of its own, with action failed; that dataset or view is left as it was, and
-- everything else is done.
CREATE FUNCTION pg_temp.model(columns text DEFAULT 'id integer, v text') RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(
        scene.store('failures', scene.list(scene.dataset(name, columns, milestoned => true)),
            '{"consistency": "single"}'),
        scene.workspace('failures_desk', array_agg('failures.' || name)))
    FROM unnest('{a,b,c,d,e}'::text[]) name $$;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model(), replace => false);

-- names that became somebody else's between load and reconcile: a table, and a view of a consumer
CREATE SCHEMA failures;
CREATE SCHEMA failures_desk;
CREATE TABLE failures.b_history (precious text);
INSERT INTO failures.b_history VALUES ('mine');
CREATE VIEW failures_desk.c AS SELECT 'mine' AS precious;
CREATE TYPE failures.d AS ENUM ('mine');
SELECT object, action, error FROM datasurface.ds_reconcile_schema('failures') WHERE action = 'failed';
TABLE failures.b_history;
TABLE failures_desk.c;
SELECT dataset, merge_table, history_table, reconciled FROM datasurface.datasets WHERE store = 'failures' ORDER BY 1;
SELECT table_name FROM information_schema.views WHERE table_schema = 'failures_desk' ORDER BY 1;
-- a dataset that is not reconciled cannot be run; the others can
SELECT datasurface.ds_start_batch('failures#b'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_start_batch('failures#a');
SELECT datasurface.ds_reset_batch('failures#a', 1);
-- the load tells of a name that is taken, when the document changes that store
SELECT pointer, code, message FROM datasurface.ds_validate_model(pg_temp.model(), replace => false) ORDER BY pointer;
-- mended by hand: the rest is done
DROP TABLE failures.b_history;
DROP VIEW failures_desk.c;
DROP TYPE failures.d;
SELECT count(*) FILTER (WHERE action = 'failed') AS failed, count(*) > 0 AS has_steps
    FROM datasurface.ds_reconcile_schema('failures');
SELECT * FROM datasurface.ds_reconcile_schema('failures');

-- tables that were changed by hand in ways that reconcile does not mend
ALTER TABLE failures.a DROP COLUMN v CASCADE;
DROP TABLE failures.b CASCADE;
ALTER TABLE failures.c OWNER TO pg_database_owner;
ALTER TABLE failures.d_history ALTER v TYPE varchar(10);
SELECT object, action, error FROM datasurface.ds_reconcile_schema('failures')
    WHERE action = 'failed' OR object LIKE '"failures"."b"%';
-- a table that lost a column gets it back, empty, where that is allowed; values come with the next batch
SELECT action, statement, detail, hint FROM datasurface.ds_reconcile_schema('failures') WHERE action = 'waiting';
SELECT action, statement FROM datasurface.ds_reconcile_schema('failures', '{lossy}') WHERE object = '"failures"."a"';
SELECT attname FROM pg_attribute WHERE attrelid = 'failures.a'::regclass AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum;
SELECT table_name FROM information_schema.views WHERE table_schema = 'failures_desk' ORDER BY 1;
-- a failure of one does not keep the others from their new column
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer, v text, w integer'),
    replace => false);
SELECT object, action, error FROM datasurface.ds_reconcile_schema('failures') WHERE action <> 'comment';
SELECT dataset, reconciled FROM datasurface.datasets WHERE store = 'failures' ORDER BY 1;
