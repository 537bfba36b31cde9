-- CALL ds_reconcile commits every few datasets. What fails does not stop the rest, and the next call does what is left.
CREATE FUNCTION pg_temp.model(columns text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('chunks', (SELECT scene.list(scene.dataset('t' || i, columns, milestoned => i = 1)
            ORDER BY i) FROM generate_series(1, 5) i)),
        scene.workspace('chunks_desk', ARRAY(SELECT 'chunks.t' || i FROM generate_series(1, 5) i))) $$;
-- what each transaction did, without comments
CREATE TABLE transaction_of (operation bigint, xid xid8);
CREATE FUNCTION note_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.transaction_of VALUES (NEW.operation_id, pg_current_xact_id());
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT ON datasurface.operation FOR EACH ROW EXECUTE FUNCTION note_transaction();
CREATE VIEW transactions AS
    SELECT string_agg(object, ' ' ORDER BY operation) AS objects, min(operation) AS first
    FROM datasurface.operations JOIN transaction_of USING (operation)
    WHERE action = 'create' AND object ~ '^"chunks' AND object !~ '_idx|_staging|_history|_full|_as_of' GROUP BY xid;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer'), replace => false);

BEGIN;
CALL datasurface.ds_reconcile('chunks'); -- fails: it commits
\echo :SQLSTATE
ROLLBACK;
CALL datasurface.ds_reconcile('chunks', chunk => 0); -- fails
CALL datasurface.ds_reconcile('chunks', chunk => NULL); -- fails
CALL datasurface.ds_reconcile('chunks', allow => '{safe}'); -- fails
\set VERBOSITY terse
CALL datasurface.ds_reconcile('chunks_desk'); -- fails: it is no store
\set VERBOSITY default
\echo :SQLSTATE
SET default_transaction_read_only = on;
CALL datasurface.ds_reconcile('chunks'); -- fails
\echo :SQLSTATE
RESET default_transaction_read_only;

-- a table and a view are in the way
CREATE SCHEMA chunks;
CREATE TABLE chunks.t2 ();
CREATE TABLE chunks.t4 ();
CALL datasurface.ds_reconcile('chunks', chunk => 2); -- fails, when everything else is done
\echo :SQLSTATE
SELECT objects FROM transactions ORDER BY first;
SELECT object, error FROM datasurface.operations WHERE object LIKE '"chunks%' AND outcome = 'failed' ORDER BY operation;
DROP TABLE chunks.t2, chunks.t4;
CALL datasurface.ds_reconcile('chunks', chunk => 2);
SELECT objects FROM transactions ORDER BY first;
SELECT * FROM datasurface.ds_plan_schema(store => 'chunks');
-- nothing to do
SELECT max(operation) AS before FROM datasurface.operations \gset
CALL datasurface.ds_reconcile('chunks');
SELECT max(operation) = :before AS nothing_done FROM datasurface.operations;

-- What waits is a warning. A view is made on the tables as they are.
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer, v text'), replace => false);
DROP VIEW chunks_desk.t3;
ALTER TABLE chunks.t3 ALTER id TYPE bigint;
CALL datasurface.ds_reconcile('chunks');
SELECT object, action, class FROM datasurface.ds_plan_schema(store => 'chunks') ORDER BY step;
CALL datasurface.ds_reconcile('chunks', allow => '{lossy}');
SELECT * FROM datasurface.ds_plan_schema(store => 'chunks');
SELECT bool_and(reconciled) AS reconciled FROM datasurface.datasets WHERE store = 'chunks';

-- Steps that need a transaction of their own: NOT NULL of a large table. One call of the function takes one, the procedure all.
CALL scene.make(scene.store('chunks_large', scene.dataset('t', 'id integer, v text not null')));
CREATE FUNCTION has_not_null() RETURNS boolean LANGUAGE sql AS $$
    SELECT attnotnull FROM pg_attribute WHERE attrelid = 'chunks_large.t'::regclass AND attname = 'v' $$;
ALTER TABLE chunks_large.t ALTER v SET STORAGE PLAIN, ALTER v DROP NOT NULL;
INSERT INTO chunks_large.t SELECT 1, 2147483647, i, repeat('x', 8000) FROM generate_series(1, 8400) i;
SELECT action, class, lock, bytes > 67000000 AS large, statement, reason
FROM datasurface.ds_plan_schema(store => 'chunks_large') ORDER BY step;
SELECT action, statement, hint FROM datasurface.ds_reconcile_schema('chunks_large', '{rewrite}');
SELECT has_not_null(), action, class FROM datasurface.ds_plan_schema(store => 'chunks_large') ORDER BY step;
SELECT max(operation) AS before FROM datasurface.operations \gset
CALL datasurface.ds_reconcile('chunks_large', allow => '{rewrite}');
SELECT has_not_null();
SELECT dense_rank() OVER (ORDER BY xid) AS transaction, action, statement
FROM datasurface.operations JOIN transaction_of USING (operation) WHERE operation > :before ORDER BY operation;
SELECT * FROM datasurface.ds_plan_schema(store => 'chunks_large');
TRUNCATE chunks_large.t;

DROP VIEW transactions;
DROP TRIGGER note ON datasurface.operation;
