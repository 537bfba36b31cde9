-- The plan has each step that reconcile takes if everything is allowed, and nothing is changed by asking for it. In a database
-- of its own, for a role that owns tables there goes at the end.
SELECT current_database() AS regress_database \gset
CREATE DATABASE a_plan_is_shown_before_it_happens;
\c a_plan_is_shown_before_it_happens
CREATE EXTENSION datasurface;
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
-- of a store that a document does not name
SELECT * FROM datasurface.ds_plan_schema('{"stores": []}', 'planned'); -- fails
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

-- Another schema and another owner, who has no right in the schema of before: the views on the tables go over to him with them.
CREATE ROLE regress_planned_owner;
GRANT regress_planned_owner TO CURRENT_USER;
GRANT USAGE ON SCHEMA planned_source TO regress_planned_owner;
GRANT SELECT ON planned_source.t TO regress_planned_owner;
GRANT CREATE ON DATABASE :DBNAME TO regress_planned_owner;
CREATE FUNCTION pg_temp.moved(columns text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('planned', scene.dataset('t', columns, 'TABLE planned_source.t', milestoned => true)
            || scene.dataset('u', 'id integer') || scene.dataset('w', 'id integer'),
            '{"consistency": "single", "schema": "planned_there", "owner": "regress_planned_owner"}'),
        scene.workspace('planned_desk', '{planned.t,planned.u as other}')) $$;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.moved('id integer'), replace => false);
SELECT object, action, class FROM datasurface.ds_plan_schema(store => 'planned')
WHERE object ~ 'planned_desk' OR class <> 'safe' ORDER BY step;
SELECT * FROM pg_temp.differences();
SELECT * FROM datasurface.ds_plan_schema(store => 'planned');

\c :regress_database
DROP DATABASE a_plan_is_shown_before_it_happens;
DROP ROLE regress_planned_owner;
