-- A user's foreign key on the key of a merge table, or a view that groups by it: the key changes when they are gone. Until then the plan
-- lists them, and the step waits.
CREATE TABLE public.referred_source AS SELECT i AS id, i % 3 AS k FROM generate_series(1, 10) i;
CREATE FUNCTION pg_temp.load(key text) RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(scene.store('referred',
        scene.dataset('t', 'id integer, k integer not null', 'TABLE public.referred_source', key))), replace => false) $$;
SELECT pg_temp.load('id');
SELECT count(*) > 0 AS made FROM datasurface.ds_reconcile_schema('referred');
SELECT datasurface.ds_run('referred');
CREATE TABLE public.refers (id integer REFERENCES referred.t);
CREATE TABLE public.refers_by_another (id integer, k integer);
CREATE VIEW public.groups AS SELECT id, k, count(*) FROM referred.t GROUP BY id;
CREATE UNIQUE INDEX another ON referred.t (k, id);
ALTER TABLE public.refers_by_another ADD FOREIGN KEY (k, id) REFERENCES referred.t (k, id);
\x
SELECT pg_temp.load('id, k');
SELECT action, statement, class, dependents, reason FROM datasurface.ds_plan_schema(store => 'referred') ORDER BY step;
SELECT action, statement, error, detail, hint FROM datasurface.ds_reconcile_schema('referred', '{rewrite,lossy}');
SET datasurface.large_table_size = 0;
SELECT regexp_replace(statement, 'new_key_\d+', 'new_key_N') AS statement, class, dependents
FROM datasurface.ds_plan_schema(store => 'referred') ORDER BY step;
RESET datasurface.large_table_size;
DROP VIEW public.groups;
DROP TABLE public.refers;
-- that of another index stays
SELECT action, statement, error FROM datasurface.ds_reconcile_schema('referred', '{rewrite}');
\x
SELECT datasurface.ds_run('referred');
DROP TABLE public.refers_by_another, public.referred_source;
