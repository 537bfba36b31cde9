-- A workspace names its views by a template; another template, or another name of a sink, renames them. In a database
-- of its own, for a document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE a_workspace_names_its_views;
\c a_workspace_names_its_views
CREATE EXTENSION datasurface;
CREATE ROLE regress_shop;
CREATE ROLE regress_desk;
CREATE ROLE regress_reader;
GRANT CREATE ON DATABASE a_workspace_names_its_views TO regress_shop, regress_desk;
CREATE FUNCTION model(names text, sinks text[] DEFAULT '{shop.orders,shop.goods,shop.goods as things}') RETURNS text
    LANGUAGE sql AS $$ SELECT scene.model(
        scene.store('shop', scene.dataset('orders', milestoned => true) || scene.dataset('goods'),
            '{"owner": "regress_shop", "consumers": [{"workspace": "desk"}]}'),
        scene.workspace('desk', sinks, jsonb_strip_nulls(jsonb_build_object('owner', 'regress_desk',
            'view_names', names)))) $$;
CREATE FUNCTION change(model text, allow text[] DEFAULT NULL)
    RETURNS TABLE (object text, action text, statement text, detail text) LANGUAGE sql AS $$
    SELECT version FROM datasurface.ds_load_model(model);
    SELECT object, action, substring(statement, '^(?:(?! AS SELECT).)*'), concat_ws(': ', nullif(error, ''), detail)
        FROM datasurface.ds_reconcile_schema(NULL, allow) WHERE object LIKE '"desk".%' AND action <> 'comment' $$;
CREATE VIEW views AS SELECT viewname,
    has_table_privilege('regress_reader', format('desk.%I', viewname), 'SELECT') AS read FROM pg_views
    WHERE schemaname = 'desk' ORDER BY 1;

SELECT count(*) FILTER (WHERE detail <> '') FROM change(model('{store}_{dataset}'));
SELECT * FROM views;
GRANT SELECT ON desk.shop_orders, desk.shop_orders_full TO regress_reader;
CREATE VIEW of_user AS SELECT * FROM desk.shop_orders;
SELECT 'desk.shop_orders'::regclass::oid AS view \gset
-- the old names go: that waits; then the views keep what they had
SELECT * FROM change(model('{group}_{dataset}'));
SELECT * FROM change(model('{group}_{dataset}'), '{lossy}');
SELECT * FROM views;
SELECT 'desk.g_orders'::regclass::oid = :view AS same_view;
SELECT substring(pg_get_viewdef('of_user') FROM 'FROM .*') AS shows;
SELECT * FROM datasurface.ds_reconcile_schema();
-- without one, and the explicit name of a sink; the workspace gets another schema too
SELECT * FROM change(model(NULL, '{shop.orders as bought,shop.goods,shop.goods as things}'), '{lossy}');
SELECT * FROM change(jsonb_set(model(NULL)::jsonb, '{workspaces,0,schema}', '"desk2"')::text, '{lossy}');
SELECT * FROM datasurface.ds_reconcile_schema();
-- another group, or another name of a group, is nothing to a view whose name does not say it
SELECT * FROM change(jsonb_set(jsonb_set(model(NULL)::jsonb, '{workspaces,0,schema}', '"desk2"'), '{workspaces,0,groups}',
    '[{"name": "h", "description": "d", "sinks": [{"store": "shop", "dataset": "orders"}]},
      {"name": "g2", "description": "d", "sinks": [{"store": "shop", "dataset": "goods"},
          {"store": "shop", "dataset": "goods", "name": "things"}]}]')::text);
SELECT * FROM datasurface.ds_reconcile_schema();
-- a milestoned dataset that becomes a live one with another name; of two sinks that leave and two that come, none is
-- another's
SELECT * FROM change(jsonb_set(jsonb_set(model('{dataset}_')::jsonb, '{workspaces,0,schema}', '"desk"'),
    '{stores,0,datasets,0,milestoning}', '"live"')::text, '{lossy}');
SELECT * FROM change(model(NULL, '{shop.orders,shop.goods as a,shop.goods as b}'), '{lossy}');
SELECT * FROM views;
-- a name that somebody took
CREATE VIEW desk.mine AS SELECT 1;
SELECT * FROM change(model(NULL, '{shop.orders as mine,shop.goods as a,shop.goods as b}'), '{lossy}');
SELECT code, pointer, message FROM datasurface.ds_validate_model(model('mine'));
SELECT code, pointer, message, hint FROM datasurface.ds_validate_model(model('{schema}_{dataset}'))
    WHERE severity = 'error';
SELECT names, message FROM unnest(ARRAY['{ store }_x', '{{store}}', 'x_{store', 'x}']) names,
    datasurface.ds_validate_model(model(names)) WHERE severity = 'error';
SELECT code, pointer, left(message, 60) FROM datasurface.ds_validate_model(
    model('{store}_{store}')) WHERE severity = 'error';
SELECT code, pointer, left(message, 60) FROM datasurface.ds_validate_model(
    replace(model('{dataset}_{dataset}'), 'goods', repeat('g', 120))) WHERE severity = 'error';

\c :regress_database
DROP DATABASE a_workspace_names_its_views;
DROP ROLE regress_shop, regress_desk, regress_reader;
