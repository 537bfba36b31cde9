-- NULLs in a column that is to become NOT NULL, and rows that share a key that is to come: the plan counts them, names one key, and shows
-- the step as refused. Reconcile finds them itself, under its lock.
CREATE TABLE public.rows_source AS SELECT i AS id, nullif(i % 5, 0) AS k, 'v' || i % 60 AS v FROM generate_series(1, 300) i;
CREATE FUNCTION pg_temp.load(columns text, key text DEFAULT 'id', query text DEFAULT 'TABLE public.rows_source') RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(scene.store('rows', scene.dataset('t', columns, query, key))),
        replace => false) $$;
CREATE VIEW pg_temp.plan AS SELECT action, statement, class, reason FROM datasurface.ds_plan_schema(store => 'rows') ORDER BY step;
SELECT pg_temp.load('id integer, k integer, v text');
SELECT count(*) > 0 AS made FROM datasurface.ds_reconcile_schema('rows');
SELECT datasurface.ds_run('rows');
\x
-- 60 of them
SELECT pg_temp.load('id integer, k integer not null, v text');
TABLE pg_temp.plan;
SELECT action, error, detail FROM datasurface.ds_reconcile_schema('rows', '{rewrite}');
UPDATE rows.t SET k = 7 WHERE k IS NULL AND id > 5;
SELECT reason FROM pg_temp.plan;
-- of a large table, too
SET datasurface.large_table_size = 0;
SELECT statement, class FROM pg_temp.plan;
RESET datasurface.large_table_size;

-- a key with a column that has NULLs, and that rows share
SELECT pg_temp.load('id integer, k integer not null, v text', 'k');
SELECT statement, class, reason FROM pg_temp.plan;
UPDATE rows.t SET k = 5 WHERE k IS NULL;
SELECT statement, class, reason FROM pg_temp.plan;
SELECT action, error, detail FROM datasurface.ds_reconcile_schema('rows', '{rewrite}');
-- more than 100 of them; a renamed column counts as what it was
UPDATE rows.t SET v = 'v' || id % 120;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(scene.store('rows', scene.dataset('t', query => 'SELECT 1 AS id, 1 AS k, '''' AS label',
    key => 'label', more => '{"columns": [{"name": "id", "type": "integer"}, {"name": "k", "type": "integer"},
        {"name": "label", "type": "text", "was": "v"}]}'))), replace => false);
SELECT statement, class, split_part(reason, ' such as ', 1) AS reason FROM pg_temp.plan;
UPDATE rows.t SET v = id;
SELECT statement, class, reason FROM pg_temp.plan;

-- a key that was dropped by hand
SELECT pg_temp.load('id integer, k integer, v text');
SELECT count(*) FILTER (WHERE action IN ('failed', 'waiting')) AS undone FROM datasurface.ds_reconcile_schema('rows', '{rewrite,lossy}');
ALTER TABLE rows.t DROP CONSTRAINT t_pkey;
INSERT INTO rows.t SELECT * FROM rows.t WHERE id = 4;
SELECT statement, class, reason FROM pg_temp.plan;
\x
DROP TABLE public.rows_source;
