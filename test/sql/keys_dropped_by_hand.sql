-- A merge table whose primary key somebody dropped: the view says that its dataset is not reconciled, a batch by either engine fails
-- before it publishes a key twice, and reconcile puts the key back, or says which rows are in the way.
\set SHOW_CONTEXT never
CREATE SCHEMA keyless_source;
CREATE TABLE keyless_source.t AS SELECT i AS id, 'a' AS v FROM generate_series(1, 3) i;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model($${"stores": [{"name": "keyless", "description": "d", "datasets": [
  {"name": "t", "description": "d", "primary_key": ["id", "v"], "ingestion": {"kind": "sql_snapshot", "query": "TABLE keyless_source.t"},
   "columns": [{"name": "id", "type": "integer"}, {"name": "v", "type": "text"}]}]}]}$$, replace => false);
CREATE FUNCTION pg_temp.reconciled() RETURNS boolean LANGUAGE sql AS $$ SELECT reconciled FROM datasurface.datasets WHERE store = 'keyless' $$;
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('keyless');
SELECT datasurface.ds_run('keyless', '1'), pg_temp.reconciled();
SELECT * FROM datasurface.ds_reconcile_schema('keyless');

ALTER TABLE keyless.t DROP CONSTRAINT t_pkey;
SELECT pg_temp.reconciled();
UPDATE keyless_source.t SET v = 'b' WHERE id = 1;
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('keyless', '2');
SELECT datasurface.ds_require('keyless', '2'); -- fails
\echo :SQLSTATE
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('keyless', '2');
RESET datasurface.merge_engine;
SELECT error_sqlstate FROM datasurface.batches WHERE stream = 'keyless' AND batch = 2;
-- a key that is there twice keeps the primary key from being put back
INSERT INTO keyless.t SELECT * FROM keyless.t WHERE id = 2;
SELECT * FROM datasurface.ds_reconcile_schema('keyless') \gx
SELECT "id", "v", count(*) FROM "keyless"."t" GROUP BY "id", "v" HAVING count(*) > 1;
DELETE FROM keyless.t WHERE ctid = (SELECT max(ctid) FROM keyless.t WHERE id = 2);
SELECT * FROM datasurface.ds_reconcile_schema('keyless');
SELECT pg_temp.reconciled(), datasurface.ds_run('keyless', '2');
SELECT id, v FROM keyless.t ORDER BY 1;

-- indexes that do not keep a key from being there twice
CREATE FUNCTION pg_temp.instead(index text) RETURNS TABLE (reconciled boolean, run text, action text, error text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'ALTER TABLE keyless.t DROP CONSTRAINT IF EXISTS t_pkey';
    EXECUTE index;
    SELECT pg_temp.reconciled() INTO reconciled;
    SELECT datasurface.ds_run('keyless') INTO run;
    SELECT r.action, r.error INTO action, error FROM datasurface.ds_reconcile_schema('keyless') r;
    RETURN NEXT;
END $$;
SELECT * FROM pg_temp.instead('CREATE UNIQUE INDEX t_other ON keyless.t (id, v) WHERE id > 0');
SELECT * FROM pg_temp.instead('CREATE UNIQUE INDEX t_other_2 ON keyless.t (id, upper(v))');
SELECT * FROM pg_temp.instead('CREATE UNIQUE INDEX t_other_3 ON keyless.t (id, v, ds_surf_batch_out)');
SELECT * FROM pg_temp.instead('CREATE INDEX t_other_4 ON keyless.t (id, v)');
-- those that do: in another order, on a part of the key, with more columns that do not count
SELECT * FROM pg_temp.instead('CREATE UNIQUE INDEX t_good ON keyless.t (v, id) INCLUDE (ds_surf_batch_out); ');
SELECT * FROM pg_temp.instead('DROP INDEX keyless.t_good; CREATE UNIQUE INDEX t_good ON keyless.t (id)');
-- a primary key of other columns is somebody's choice, which reconcile leaves as it is
SELECT * FROM pg_temp.instead('DROP INDEX keyless.t_good; ALTER TABLE keyless.t ADD PRIMARY KEY (id, v, ds_surf_batch_out)');
