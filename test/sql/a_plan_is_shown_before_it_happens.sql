-- The plan has each step that reconcile takes if everything is allowed, and nothing is changed by asking for it.
CREATE SCHEMA planned_source;
CREATE TABLE planned_source.t AS SELECT 1 AS id, 'a' AS v;
CREATE FUNCTION pg_temp.model(columns text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('planned', scene.dataset('t', columns, 'TABLE planned_source.t', milestoned => true)
            || scene.dataset('u', 'id integer') || scene.dataset('w', 'id integer'), '{"consistency": "single"}'),
        scene.workspace('planned_desk', '{planned.t,planned.u as other}')) $$;
-- What only one of both has. The plan is asked for first.
CREATE FUNCTION pg_temp.differences() RETURNS TABLE (only_in text, object text, action text, statement text)
LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE plan ON COMMIT DROP AS
        SELECT p.step, p.object, p.action, p.statement FROM datasurface.ds_plan_schema(store => 'planned') p;
    CREATE TEMP TABLE done ON COMMIT DROP AS
        SELECT d.step, d.object, d.action, d.statement
        FROM datasurface.ds_reconcile_schema('planned', '{rewrite,lossy}')
            WITH ORDINALITY d(object, action, statement, error, detail, hint, step);
    RETURN QUERY (SELECT 'plan', p.object, p.action, p.statement FROM (TABLE plan EXCEPT TABLE done) p
        UNION ALL SELECT 'done', d.object, d.action, d.statement FROM (TABLE done EXCEPT TABLE plan) d);
END $$;

-- a document that is not loaded
SELECT step, object, action, class, lock, relation, bytes, dependents, reason
FROM datasurface.ds_plan_schema(pg_temp.model('id integer'), replace => false) WHERE action <> 'comment' ORDER BY step;
SELECT count(*) FROM datasurface.datasets WHERE store = 'planned';
SELECT * FROM datasurface.ds_plan_schema('{"stores": 1}'); -- fails: it has errors
\echo :SQLSTATE
SELECT split_part(scene.refused($$SELECT * FROM datasurface.ds_plan_schema(store => 'planned')$$), E'\n', 1) AS not_loaded;

SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer'), replace => false);
SELECT count(DISTINCT fingerprint) AS objects, count(DISTINCT plan) AS plans, bool_and(class = 'safe') AS safe
FROM datasurface.ds_plan_schema(store => 'planned');
SELECT * FROM pg_temp.differences();
SELECT * FROM datasurface.ds_plan_schema(store => 'planned');
SELECT datasurface.ds_run('planned#t');

-- a column more, in a transaction that writes nothing and keeps no lock
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer, v text'), replace => false);
BEGIN READ ONLY;
SELECT object, action, left(statement, 60) AS statement, class, lock, relation
FROM datasurface.ds_plan_schema(store => 'planned') ORDER BY step;
SELECT relation::regclass, mode FROM pg_locks JOIN pg_class c ON c.oid = relation
WHERE pid = pg_backend_pid() AND relnamespace IN ('planned'::regnamespace, 'planned_desk'::regnamespace);
SELECT * FROM datasurface.ds_plan_schema(pg_temp.model('id integer')); -- fails: a load, though it is undone, writes
\echo :SQLSTATE
ROLLBACK;
SELECT * FROM pg_temp.differences();

-- Lossy: a type that somebody changed, and that the model changes back.
ALTER TABLE planned.w ALTER id TYPE bigint;
SELECT object, action, class, lock, relation, bytes, reason
FROM datasurface.ds_plan_schema(store => 'planned') ORDER BY step;
-- the fingerprint is that of the same steps, until they change
SELECT plan AS plan_before, fingerprint AS before FROM datasurface.ds_plan_schema(store => 'planned') LIMIT 1 \gset
INSERT INTO planned.w SELECT 2147483647, 1, id FROM generate_series(1, 1000) id;
SELECT bool_and(plan = :'plan_before') AS same FROM datasurface.ds_plan_schema(store => 'planned');
CREATE VIEW planned_source.on_w AS SELECT id FROM planned.w;
SELECT action, class, dependents, reason, plan = :'plan_before' AS same_plan, fingerprint = :'before' AS same
FROM datasurface.ds_plan_schema(store => 'planned') ORDER BY step;
SELECT action, detail, hint FROM datasurface.ds_reconcile_schema('planned', '{rewrite,lossy}');
DROP VIEW planned_source.on_w;
SELECT * FROM pg_temp.differences();

-- what cannot be planned says why
DROP TABLE planned.t CASCADE;
CREATE VIEW planned.t AS SELECT 1 AS id;
SELECT object, action, statement, class, reason FROM datasurface.ds_plan_schema(store => 'planned') ORDER BY step;
DROP VIEW planned.t;
SELECT * FROM pg_temp.differences();
