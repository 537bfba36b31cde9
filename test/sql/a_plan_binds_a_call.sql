-- A call that is given a plan does what the plan showed, or nothing.
CREATE FUNCTION pg_temp.says(plan text, allow text[] DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(scene.refused(format($q$SELECT datasurface.ds_reconcile_schema('bound', %L, %L)$q$, allow, plan)),
        '[0-9a-f]{64}', 'a digest', 'g') $$;
CREATE FUNCTION pg_temp.load(columns text) RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(
        scene.store('bound', scene.dataset('t', columns, milestoned => true) || scene.dataset('u', 'id integer')),
        scene.workspace('bound_desk', '{bound.t}')), replace => false) $$;
CREATE FUNCTION pg_temp.plan() RETURNS text LANGUAGE sql AS $$
    SELECT plan FROM datasurface.ds_plan_schema(store => 'bound') LIMIT 1 $$;
SELECT pg_temp.load('id integer, v text');
SELECT pg_temp.plan() AS plan \gset
SELECT pg_temp.says('of another day');
SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('bound');
SELECT count(*) > 0 AS did, count(*) FILTER (WHERE action = 'failed') AS failed
FROM datasurface.ds_reconcile_schema('bound', plan => :'plan');
-- a second call with the plan, as by a retry, finds nothing to do
SELECT * FROM datasurface.ds_reconcile_schema('bound', plan => :'plan');

-- the model changes, or a table, behind the plan
SELECT pg_temp.load('id integer, v text, w text');
SELECT pg_temp.plan() AS plan \gset
ALTER TABLE bound.u ALTER id TYPE bigint;
SELECT pg_temp.says(:'plan', '{rewrite,lossy}');
ALTER TABLE bound.u ALTER id TYPE integer;
SELECT pg_temp.load('id integer, v text, x text');
SELECT pg_temp.says(:'plan');

-- A lossy step that is not allowed leaves the view between two models: what it would be is not in the plan.
SELECT pg_temp.load('id integer, y text');
SELECT pg_temp.plan() AS plan \gset
SELECT object, action, error, detail, hint FROM datasurface.ds_reconcile_schema('bound', plan => :'plan');
SELECT pg_temp.plan() AS plan \gset
SELECT object, action, left(error, 70) AS error FROM datasurface.ds_reconcile_schema('bound', '{lossy}', plan => :'plan');
SELECT * FROM datasurface.ds_plan_schema(store => 'bound');
