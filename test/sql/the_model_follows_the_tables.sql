-- A type, or NOT NULL, that somebody changed by hand: reconcile says that the table differs, and a model that matches the tables is
-- accepted once all of them have the new type.
CREATE SCHEMA follows_source;
CREATE TABLE follows_source.t AS SELECT 1::bigint AS id, 'a'::text AS v;
CREATE FUNCTION pg_temp.dataset(columns text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store('follows', scene.dataset('t', columns, 'TABLE follows_source.t')) $$;
CREATE FUNCTION pg_temp.problems(columns text) RETURNS TABLE (pointer text, message text) LANGUAGE sql AS $$
    SELECT pointer, message FROM datasurface.ds_validate_model(scene.model(pg_temp.dataset(columns)), replace => false) WHERE severity = 'error' $$;
CALL scene.make(pg_temp.dataset('id integer, v text'));
SELECT datasurface.ds_run('follows');

ALTER TABLE follows.t ALTER id TYPE bigint;
SELECT action, statement, detail, hint FROM datasurface.ds_reconcile_schema('follows');
SELECT * FROM pg_temp.problems('id bigint, v text');
ALTER TABLE follows.t_staging ALTER id TYPE bigint;
SELECT * FROM pg_temp.problems('id numeric, v text');
SELECT * FROM pg_temp.problems('id bigint, v text');
CALL scene.make(pg_temp.dataset('id bigint, v text'));
SELECT reconciled FROM datasurface.datasets WHERE store = 'follows';
UPDATE follows_source.t SET id = 5000000000;
SELECT datasurface.ds_run('follows');
SELECT id, v FROM follows.t;

SELECT * FROM pg_temp.problems('id bigint, v text not null');
ALTER TABLE follows.t ALTER v SET NOT NULL;
SELECT action, class, statement FROM datasurface.ds_plan_schema(store => 'follows');
SELECT * FROM pg_temp.problems('id bigint, v text not null');
CALL scene.make(pg_temp.dataset('id bigint, v text not null'));
SELECT datasurface.ds_run('follows'), reconciled FROM datasurface.datasets WHERE store = 'follows';
