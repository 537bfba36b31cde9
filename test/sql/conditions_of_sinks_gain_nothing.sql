-- The condition of a sink comes from the loader of a workspace. It is read as the owner of the store, and runs in the
-- session of whoever reads the view. So it calls nothing that may not run as any role. In a database of its own, for a
-- document is the whole model.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SELECT current_database() AS regress_database \gset
CREATE DATABASE conditions_of_sinks_gain_nothing;
\c conditions_of_sinks_gain_nothing
CREATE EXTENSION datasurface;
CREATE ROLE regress_shop;
CREATE ROLE regress_desk;
GRANT CREATE ON DATABASE conditions_of_sinks_gain_nothing TO regress_shop, regress_desk;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model, datasurface.ds_validate_model, datasurface.ds_plan_schema,
    datasurface.ds_reconcile_schema TO regress_desk;
CREATE FUNCTION desk(condition text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model('[]', scene.workspace('desk', '{}', jsonb_build_object('owner', 'regress_desk', 'groups',
        jsonb_build_array(jsonb_build_object('name', 'g', 'description', 'd', 'sinks', jsonb_build_array(
            jsonb_build_object('store', 'shop', 'dataset', 'orders', 'where', condition))))))) $$;
CREATE FUNCTION validate(condition text) RETURNS TABLE (code text, message text, hint text) LANGUAGE sql AS $$
    SELECT code, message, hint FROM datasurface.ds_validate_model(desk(condition), false) $$;
CREATE DOMAIN amount AS integer CHECK (VALUE < 1000);
SELECT version FROM datasurface.ds_load_model(scene.model(
    scene.store('shop', scene.dataset('orders', 'id integer, region text, total public.amount'),
        '{"owner": "regress_shop", "consumers": [{"workspace": "desk"}]}'), desk('id > 0')::jsonb -> 'workspaces'));
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();

-- functions of others, whoever may load; those of a superuser only if they are immutable
CREATE FUNCTION rounded(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 10 * 10';
CREATE FUNCTION now_and_then(integer) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
CREATE SCHEMA evil AUTHORIZATION regress_desk;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
SET ROLE regress_desk;
CREATE FUNCTION evil.tell(integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RAISE NOTICE 'runs as %', current_user; RETURN true; END $$;
CREATE OPERATOR evil.=== (leftarg = integer, rightarg = integer, function = int4eq);
CREATE DOMAIN evil.positive AS integer CHECK (evil.tell(VALUE));
CREATE TYPE evil.span AS RANGE (subtype = evil.positive);
SELECT * FROM validate('total > 5 AND public.rounded(id) < 100 AND region <> current_user');
SELECT * FROM validate('id operator(evil.===) 1');
SELECT * FROM validate('evil.tell(id)');
SELECT * FROM validate('public.now_and_then(id)');
SELECT * FROM validate('id > (1::evil.positive)::integer');
SELECT * FROM validate($$id > lower('[1,2]'::evil.span)::integer$$);
SELECT * FROM validate($$pg_read_file(region) IS NULL$$);
SELECT * FROM validate($$pg_advisory_lock(id) IS NOT NULL$$);
SELECT * FROM validate($$CASE WHEN query_to_xml(region, true, true, '') IS NULL THEN true ELSE false END$$);
RESET ROLE;
SELECT code, message FROM validate('evil.tell(id)');
SELECT code, message FROM validate($$id > lower('[1,2]'::evil.span)::integer$$);

-- a type that becomes another one behind the load: reading its literal would run code as the owner of the store, or as
-- the extension's
SET ROLE regress_desk;
CREATE TYPE evil.words AS ENUM ('[1,2]');
SELECT version FROM datasurface.ds_load_model(desk($$region <> '[1,2]'::evil.words::text$$), false);
SELECT action, error FROM datasurface.ds_reconcile_schema(NULL, '{lossy}') WHERE action <> 'comment';
SELECT version FROM datasurface.ds_load_model(desk($$region > '[1,2]'::evil.words::text$$), false);
DROP TYPE evil.words CASCADE;
CREATE TYPE evil.words AS RANGE (subtype = evil.positive);
SELECT action, error FROM datasurface.ds_reconcile_schema(NULL, '{lossy}') WHERE action <> 'comment';
SELECT class, reason FROM datasurface.ds_plan_schema();
SELECT code, message FROM datasurface.ds_validate_model(desk($$region > '[1,2]'::evil.words::text$$ || ' '), false);
-- and a function
SELECT version FROM datasurface.ds_load_model(desk('public.rounded(id) = 10'), false);
RESET ROLE;
GRANT CREATE ON SCHEMA public TO regress_desk;
DROP FUNCTION rounded;
SET ROLE regress_desk;
CREATE FUNCTION public.rounded(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 10';
SELECT action, error FROM datasurface.ds_reconcile_schema(NULL, '{lossy}') WHERE action <> 'comment';
RESET ROLE;
SELECT count(*) FROM pg_views WHERE schemaname = 'desk' AND definition ~ 'rounded|words';
SELECT * FROM desk.orders;

\c :regress_database
DROP DATABASE conditions_of_sinks_gain_nothing;
DROP ROLE regress_shop, regress_desk;
