-- The model of a scene or spec, in a few words. check.sh puts this into template1, so every database of a test has it.
--
--   CALL scene.make(scene.store('shop', scene.dataset('orders', 'id integer, total numeric(5,2) not null')));
--
-- Each function returns a JSON array of one definition, so || joins several, and the aggregate scene.list joins those
-- of a query. "more" is merged over the definition: '{"fillfactor": 80}' adds a member, '{"columns": [...]}' replaces
-- one.
CREATE SCHEMA scene;
GRANT USAGE ON SCHEMA scene TO PUBLIC;
-- datasurface is created later, and a spec drops it.
SET check_function_bodies = off;

CREATE AGGREGATE scene.list(jsonb) (SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '[]');

CREATE FUNCTION scene.columns(columns text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg(jsonb_build_object('name', split_part(c, ' ', 1),
                                        'type', regexp_replace(substr(c, strpos(c, ' ') + 1), ' not null$', ''))
                     || CASE WHEN c LIKE '% not null' THEN '{"nullable": false}' ELSE '{}' END::jsonb ORDER BY n)
    FROM regexp_split_to_table(columns, ',\s*(?![^(]*\))') WITH ORDINALITY x(c, n)
$$;
COMMENT ON FUNCTION scene.columns IS 'Columns from "id integer, total numeric(5,2) not null"; names without blanks.';

CREATE FUNCTION scene.dataset(name text, columns text DEFAULT 'id integer', query text DEFAULT NULL,
    key text DEFAULT NULL, milestoned boolean DEFAULT false, more jsonb DEFAULT '{}') RETURNS jsonb
        LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(jsonb_build_object('name', name, 'description', 'd', 'columns', scene.columns(columns),
        'primary_key', to_jsonb(string_to_array(coalesce(key, split_part(columns, ' ', 1)), ', ')),
        'milestoning', CASE WHEN milestoned THEN 'milestoned' ELSE 'live' END,
        'ingestion', CASE WHEN query IS NULL THEN '{"kind": "push"}'
                     ELSE jsonb_build_object('kind', 'sql_snapshot', 'query', query) END) || more)
$$;
COMMENT ON FUNCTION scene.dataset
    IS 'A dataset: pulled by query, or pushed if there is none; its key is the first column.';

CREATE FUNCTION scene.store(name text, datasets jsonb, more jsonb DEFAULT '{}') RETURNS jsonb
    LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(jsonb_build_object('name', name, 'description', 'd', 'datasets', datasets) || more)
$$;

CREATE FUNCTION scene.workspace(name text, sinks text[], more jsonb DEFAULT '{}') RETURNS jsonb
    LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(jsonb_build_object('name', name, 'description', 'd',
        'groups', jsonb_build_array(jsonb_build_object('name', 'g', 'description', 'd', 'sinks', (
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('store', s[1], 'dataset', s[2], 'name', s[3]))
                ORDER BY n)
            FROM unnest(sinks) WITH ORDINALITY x(sink, n),
                regexp_match(sink, '^(.*?)\.(.*?)(?: as (.*))?$') s)))) || more)
$$;
COMMENT ON FUNCTION scene.workspace
    IS 'A workspace with one group, which shows the datasets of {shop.orders,shop.orders as sales}.';

CREATE FUNCTION scene.model(stores jsonb, workspaces jsonb DEFAULT '[]') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('stores', stores, 'workspaces', workspaces)::text
$$;

-- Loads the model, beside what other scenes have loaded, and reconciles its stores. What fails is an error.
CREATE PROCEDURE scene.make(stores jsonb, workspaces jsonb DEFAULT '[]') LANGUAGE plpgsql AS $$
DECLARE
    store text;
    failed record;
BEGIN
    PERFORM datasurface.ds_load_model(scene.model(stores, workspaces), replace => false);
    FOR store IN SELECT s ->> 'name' FROM jsonb_array_elements(stores) s LOOP
        SELECT * INTO failed FROM datasurface.ds_reconcile_schema(store) WHERE action = 'failed' LIMIT 1;
        IF FOUND THEN RAISE 'reconcile failed: %', failed; END IF;
    END LOOP;
END $$;

CREATE FUNCTION scene.load(model text) RETURNS text[] LANGUAGE sql AS $$
    SELECT warnings FROM datasurface.ds_load_model(model, replace => false)
$$;
COMMENT ON FUNCTION scene.load IS 'Loads a model beside what is loaded, and answers the warnings.';

-- What a statement that must fail says, without times.
CREATE FUNCTION scene.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE statement;
    RETURN 'it succeeded';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN regexp_replace(concat_ws(E'\n', SQLSTATE || ' ' || SQLERRM, detail, hint), '\d{4}-\d\d-\d\d [\d:+]+',
        'a time', 'g');
END $$;

-- The end of a spec: nothing of the model is left, for the next one begins anew.
CREATE PROCEDURE scene.unmake() LANGUAGE plpgsql AS $$
DECLARE
    schemas text := (SELECT string_agg(quote_ident(s), ', ') FROM (SELECT schema_name FROM datasurface.store
        UNION SELECT schema_name FROM datasurface.workspace) x(s) WHERE to_regnamespace(quote_ident(s)) IS NOT NULL);
BEGIN
    DROP EXTENSION datasurface CASCADE;
    IF schemas IS NOT NULL THEN EXECUTE 'DROP SCHEMA ' || schemas || ' CASCADE'; END IF;
END $$;
