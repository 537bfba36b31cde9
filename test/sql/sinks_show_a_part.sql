-- A sink shows some columns, some under other names, and the rows that meet a condition. In a database of its own, for
-- a document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE sinks_show_a_part;
\c sinks_show_a_part
CREATE EXTENSION datasurface;
CREATE ROLE regress_shop;
CREATE ROLE regress_desk;
CREATE ROLE regress_reader;
GRANT CREATE ON DATABASE sinks_show_a_part TO regress_shop, regress_desk;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model, datasurface.ds_validate_model, datasurface.ds_reconcile_schema
    TO regress_desk;

CREATE FUNCTION store(columns text DEFAULT 'id integer, region text, total integer, note text') RETURNS jsonb
    LANGUAGE sql AS $$ SELECT scene.store('shop', scene.dataset('orders', columns, milestoned => true),
        '{"owner": "regress_shop", "consumers": [{"workspace": "desk"}]}') $$;
-- what the sink says beside its dataset
CREATE FUNCTION desk(sink jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.workspace('desk', '{}', jsonb_build_object('owner', 'regress_desk', 'groups', jsonb_build_array(
        jsonb_build_object('name', 'g', 'description', 'd', 'sinks', jsonb_build_array(
            '{"store": "shop", "dataset": "orders", "name": "sales"}' || sink))))) $$;
CREATE FUNCTION change(sink jsonb, allow text[] DEFAULT NULL)
    RETURNS TABLE (action text, statement text, detail text) LANGUAGE sql AS $$
    SELECT version FROM datasurface.ds_load_model(scene.model('[]', desk(sink)), false);
    SELECT action, statement, concat_ws(': ', nullif(error, ''), nullif(detail, ''))
        FROM datasurface.ds_reconcile_schema(NULL, allow)
        WHERE object LIKE '%sales"' OR action IN ('failed', 'waiting') $$;

SELECT version FROM datasurface.ds_load_model(scene.model(store(),
    desk('{"columns": ["id", {"column": "total", "as": "amount"}]}')));
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();
INSERT INTO shop.orders VALUES (2, 2147483647, 1, 'EU', 5, 'a'), (2, 2147483647, 2, 'US', 7, 'b');
INSERT INTO shop.orders_history VALUES (1, 1, 1, 'EU', 4, 'a'), (1, 1, 2, 'US', 6, 'b');
GRANT USAGE ON SCHEMA desk TO regress_reader, regress_shop;
SET ROLE regress_shop;
GRANT SELECT ON desk.sales TO regress_reader;
RESET ROLE;
SELECT * FROM desk.sales ORDER BY id;
SELECT * FROM desk.sales_full ORDER BY id, amount;

-- a column more is safe, and stands last; another order changes nothing; one less waits. The workspace's owner does it,
-- who has no right on the store
SET ROLE regress_desk;
SELECT * FROM change('{"columns": ["note", {"column": "total", "as": "amount"}, "id"]}');
SELECT * FROM change('{"columns": [{"column": "total", "as": "amount"}, "id"]}');
SELECT * FROM change('{"columns": [{"column": "total", "as": "amount"}, "id"]}', '{lossy}');
-- another name
SELECT * FROM change('{"columns": [{"column": "total", "as": "euro"}, "id"]}', '{lossy}');
-- all of them, where one is to lose its name
SELECT * FROM change('{}', '{lossy}');
RESET ROLE;

-- a condition takes rows away, so it waits; it is a barrier: a cheap function of the reader's sees no other row
SET ROLE regress_desk;
SELECT * FROM change('{"where": "region = ''EU'' -- of Europe"}');
SELECT * FROM change('{"where": "region = ''EU'' -- of Europe"}', '{lossy}');
SELECT * FROM change('{"where": "region = ''EU'' -- of Europe"}', '{lossy}');
RESET ROLE;
SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'desk'::regnamespace ORDER BY relname;
SELECT * FROM desk.sales_full ORDER BY 1;
CREATE FUNCTION tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS
    $$ BEGIN RAISE NOTICE 'seen: %', $1; RETURN true; END $$;
SET ROLE regress_reader;
SELECT id FROM desk.sales WHERE tell(region);
RESET ROLE;
-- another one waits; a column that comes meanwhile is there at once
SELECT version FROM datasurface.ds_load_model(scene.model(
    store('id integer, region text, total integer, note text, day date'), desk('{"where": "total > 5"}')));
SELECT action, statement FROM datasurface.ds_reconcile_schema() WHERE object LIKE '%sales"';
SELECT * FROM desk.sales;
SELECT action, statement FROM datasurface.ds_reconcile_schema(NULL, '{lossy}') WHERE object LIKE '%sales"';
SELECT * FROM desk.sales;
-- the column that it names is renamed, and gets another type, which drops the view for a moment
SELECT version FROM datasurface.ds_load_model(scene.model(
    jsonb_set(store('id integer, region text, amount bigint, note text, day date'),
        '{0,datasets,0,columns,2,was}', '"total"'), desk('{"where": "amount > 5"}')));
SELECT action, statement, detail FROM datasurface.ds_reconcile_schema(NULL, '{rewrite}')
    WHERE object LIKE '%sales"' OR action = 'failed';
SELECT * FROM desk.sales;
SELECT action, statement FROM datasurface.ds_reconcile_schema(NULL, '{lossy}') WHERE object LIKE '%sales"';
SELECT * FROM datasurface.ds_reconcile_schema();
-- none: more rows, which is safe
SELECT * FROM change('{}');
SELECT count(*) FROM desk.sales;
SELECT reloptions FROM pg_class WHERE oid = 'desk.sales'::regclass;

-- a column that the condition names gets another name and another type, while another condition waits: the view keeps
-- its own
SELECT * FROM change('{"where": "note <> ''b'' AND amount > 1"}', '{lossy}');
SELECT version FROM datasurface.ds_load_model(scene.model(
    jsonb_set(store('id integer, region text, euro numeric, note text, day date'),
        '{0,datasets,0,columns,2,was}', '"amount"'), desk('{"where": "euro > 100"}')));
SELECT action, statement, detail FROM datasurface.ds_reconcile_schema(NULL, '{rewrite}')
    WHERE object LIKE '%sales"' AND action IN ('create', 'waiting') OR action = 'failed';
SELECT id, amount FROM desk.sales;
-- a column goes that the condition names
SELECT version FROM datasurface.ds_load_model(scene.model(
    store('id integer, region text, euro numeric, day date'),
    desk('{"where": "euro > 6", "columns": ["id", "region"]}')));
SELECT action, statement, detail FROM datasurface.ds_reconcile_schema(NULL, '{lossy}')
    WHERE object LIKE '%sales"' AND action IN ('create', 'alter', 'replace', 'waiting') OR action = 'failed';
SELECT * FROM desk.sales;
SELECT * FROM datasurface.ds_reconcile_schema();

-- a live dataset, a view of a user on the view, and the engine
SELECT version FROM datasurface.ds_load_model(scene.model(scene.store('shop', scene.dataset('orders',
    'id integer, region text, euro numeric, day date',
    $$SELECT g AS id, 'EU'::text AS region, g::numeric AS euro, NULL::date AS day FROM generate_series(5, 8) g$$),
    '{"owner": "regress_shop", "consumers": [{"workspace": "desk"}]}'),
    desk('{"where": "euro > 6", "columns": ["id", "region"]}')));
SELECT action, detail FROM datasurface.ds_reconcile_schema(NULL, '{lossy}') WHERE action IN ('failed', 'waiting');
CREATE VIEW of_user AS SELECT id FROM desk.sales;
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('shop');
RESET datasurface.merge_engine;
SELECT id FROM of_user ORDER BY id;
SELECT * FROM change('{"where": "euro > 7", "columns": ["id", "region", {"column": "euro", "as": "eur"}]}', '{lossy}');
SELECT * FROM change('{"where": "euro > 7", "columns": ["region"]}', '{lossy}');
DROP VIEW of_user;
SELECT * FROM change('{"where": "euro > 7", "columns": [{"column": "euro", "as": "eur"}]}', '{lossy}');
SELECT * FROM desk.sales;

-- a store that is loaded alone: a workspace beside it shows a column that goes, or has another name now
CREATE FUNCTION validate_store(columns text, was jsonb DEFAULT NULL)
    RETURNS TABLE (pointer text, code text, message text, hint text) LANGUAGE sql AS $$
    SELECT pointer, code, message, hint FROM datasurface.ds_validate_model(scene.model(CASE WHEN was IS NULL
        THEN store(columns) ELSE jsonb_set(store(columns), '{0,datasets,0,columns,1,was}', was) END), false)
        WHERE severity = 'error' $$;
\x on
SELECT * FROM validate_store('id integer, region text');
SELECT * FROM validate_store('id integer, euros numeric', '"euro"');
SELECT * FROM validate_store('id integer, euro text');
SELECT * FROM change('{"where": "region > ''A''", "columns": ["id"]}', '{lossy}');
SELECT * FROM validate_store('id integer, euro numeric');
\x off

-- what cannot be
CREATE FUNCTION validate(sink jsonb) RETURNS TABLE (pointer text, code text, message text, hint text) LANGUAGE sql AS $$
    SELECT pointer, code, message, hint FROM datasurface.ds_validate_model(scene.model('[]', desk(sink)), false) $$;
\x on
SELECT * FROM validate('{"columns": ["id", "idd", "id", {"column": "region", "as": "id"},
    {"column": "euro", "as": "ds_surf_x"}, 5]}');
SELECT * FROM validate('{"columns": []}');
SELECT * FROM validate('{"columns": [{"as": "x"}], "where": " "}');
SELECT * FROM validate('{"where": "euro > (SELECT 1)"}');
CREATE SCHEMA closed;
CREATE TABLE closed.t AS SELECT 1 AS id;
SELECT * FROM validate('{"where": "id IN (SELECT id FROM closed.t)"}');
SELECT * FROM validate('{"where": "region = \"EMEA\""}');
SELECT * FROM validate('{"where": "worth>1", "columns": ["id", {"column": "euro", "as": "worth"}]}');
SELECT pointer, code, message, hint FROM datasurface.ds_validate_model(scene.model(
    jsonb_set(store('id integer, region text, gross numeric, day date'), '{0,datasets,0,columns,2,was}', '"euro"'),
    desk('{"where": "EURO > 1", "columns": ["id", {"column": "gross", "as": "euro"}]}')));
SELECT * FROM validate('{"where": "eur > 1"}');
SELECT * FROM validate('{"where": "euro"}');
SELECT * FROM validate('{"where": "euro > random()"}');
SELECT * FROM validate('{"where": "true) UNION SELECT (true"}');
SELECT * FROM validate('{"where": "ds_surf_batch_in > 1"}');
SELECT * FROM validate('{"where": "current_user = region"}');
\x off

\c :regress_database
DROP DATABASE sinks_show_a_part;
DROP ROLE regress_shop, regress_desk, regress_reader;
