-- The readers of a workspace are granted its views and their schema, within what the stores admit, and lose what
-- reconcile granted when they are named no longer. In a database of its own, for a document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE readers_of_a_workspace;
\c readers_of_a_workspace
CREATE EXTENSION datasurface;
CREATE ROLE regress_shop;
CREATE ROLE regress_desk;
CREATE ROLE regress_ann;
CREATE ROLE regress_bob;
CREATE ROLE regress_cy;
GRANT CREATE ON DATABASE readers_of_a_workspace TO regress_shop, regress_desk;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model, datasurface.ds_validate_model, datasurface.ds_reconcile_schema
    TO regress_desk, regress_shop;
-- admitted: of the consumer desk; NULL: any role
CREATE FUNCTION shop(admitted text[] DEFAULT NULL, columns text DEFAULT 'id bigint, note text') RETURNS jsonb
    LANGUAGE sql AS $$ SELECT scene.store('shop',
        scene.dataset('orders', columns, milestoned => true) || scene.dataset('goods'),
        jsonb_build_object('owner', 'regress_shop', 'consumers', jsonb_build_array(
            jsonb_strip_nulls(jsonb_build_object('workspace', 'desk', 'readers', admitted))))) $$;
CREATE FUNCTION desk(readers text[], sinks text[] DEFAULT '{shop.orders,shop.goods}', more jsonb DEFAULT '{}')
    RETURNS jsonb LANGUAGE sql AS $$ SELECT scene.workspace('desk', sinks,
        jsonb_strip_nulls(jsonb_build_object('owner', 'regress_desk', 'readers', readers)) || more) $$;
CREATE FUNCTION reconcile(allow text[] DEFAULT NULL) RETURNS TABLE (action text, statement text, detail text)
    LANGUAGE sql AS $$
    SELECT action, substring(statement, '^(?:(?! AS SELECT).)*'),
        concat_ws(': ', nullif(error, ''), nullif(detail, '')) FROM datasurface.ds_reconcile_schema(NULL, allow)
        WHERE action IN ('grant', 'revoke', 'failed', 'waiting', 'alter', 'drop')
            AND coalesce(statement, '') !~ '^ALTER TABLE' $$;
-- who has what on the schemas and views, besides their owners
CREATE VIEW readers AS SELECT 'schema ' || nspname AS object,
        ARRAY(SELECT grantee::regrole::text FROM aclexplode(nspacl) WHERE grantee <> nspowner ORDER BY 1) AS readers
        FROM pg_namespace WHERE nspname LIKE 'desk%'
    UNION ALL SELECT c.oid::regclass::text,
        ARRAY(SELECT grantee::regrole::text FROM aclexplode(relacl) WHERE grantee <> relowner ORDER BY 1)
        FROM pg_class c WHERE relkind = 'v' AND relnamespace::regnamespace::text LIKE 'desk%' ORDER BY 1;

SELECT scene.load(scene.model(shop(columns => 'id integer, note text'), desk('{regress_ann}')));
SELECT statement FROM datasurface.ds_plan_schema() WHERE action = 'grant';
SELECT count(*) FILTER (WHERE detail <> '') AS undone FROM reconcile();
SELECT * FROM readers;
SET ROLE regress_ann;
SELECT count(*) FROM desk.orders_full;
RESET ROLE;
SELECT * FROM datasurface.ds_reconcile_schema();
-- another one comes, who has one of the privileges already; what we granted goes when that is allowed
GRANT SELECT ON desk.goods TO regress_bob;
SET ROLE regress_desk;
SELECT scene.load(scene.model('[]', desk('{regress_bob}')));
SELECT * FROM reconcile();
SELECT * FROM reconcile('{lossy}');
RESET ROLE;
SELECT * FROM readers;
-- revoked by hand: granted again; PUBLIC is one of them too
REVOKE USAGE ON SCHEMA desk FROM regress_bob;
REVOKE SELECT ON desk.orders FROM regress_bob;
SELECT * FROM reconcile();
SELECT scene.load(scene.model('[]', desk('{regress_bob,public}')));
SELECT * FROM reconcile();
SELECT * FROM readers;
SELECT scene.load(scene.model('[]', desk(NULL)));
SELECT * FROM reconcile('{lossy}');
SELECT * FROM readers; -- what bob was granted by hand is there
SELECT * FROM datasurface.ds_reconcile_schema();

-- a view that is created again has its readers, and they are ours as before; so has one with another name
SELECT scene.load(scene.model('[]', desk('{regress_ann}')));
SELECT count(*) FROM reconcile();
SELECT scene.load(scene.model(shop(), desk('{regress_ann}')));
SELECT * FROM reconcile('{rewrite}');
SELECT scene.load(scene.model('[]', desk('{regress_cy}', '{shop.orders as bought,shop.goods}')));
SELECT * FROM reconcile('{lossy}');
SELECT * FROM readers;
-- a sink that shows another dataset, and one that leaves
SELECT scene.load(scene.model('[]', desk('{regress_cy}', '{shop.goods as bought}')));
SELECT * FROM reconcile('{lossy}');
SELECT * FROM readers;
-- another schema: readers of the old one lose it when nothing is left there
SELECT scene.load(scene.model('[]', desk('{regress_cy}', '{shop.orders,shop.goods}', '{"schema": "desk2"}')));
SELECT * FROM reconcile();
SELECT * FROM readers;
SELECT * FROM reconcile('{lossy}');
SELECT * FROM readers;

-- the store admits some only
SET ROLE regress_desk;
\x on
SELECT severity, code, pointer, message, hint FROM datasurface.ds_validate_model(scene.model(shop('{regress_ann}'),
    desk('{regress_ann,regress_cy,regress_none}', more => '{"schema": "desk2"}')), false) WHERE code ~ 'reader|role';
RESET ROLE;
SELECT scene.load(scene.model(shop('{regress_ann}'), '[]'));
\x off
SELECT * FROM reconcile();
SELECT * FROM reconcile('{lossy}');
SELECT * FROM readers;
SELECT * FROM reconcile();
-- a role that went after the load
SELECT scene.load(scene.model(shop(), desk('{regress_ann,regress_bob}', more => '{"schema": "desk2"}')));
DROP OWNED BY regress_bob;
DROP ROLE regress_bob;
SELECT * FROM reconcile('{lossy}');
SELECT scene.load(scene.model('[]', desk('{regress_ann}', more => '{"schema": "desk2"}')));
SELECT * FROM reconcile('{lossy}');

-- a schema of somebody else, in which the owner of the workspace may create
CREATE SCHEMA desk3;
GRANT CREATE, USAGE ON SCHEMA desk3 TO regress_desk, regress_shop;
SELECT scene.load(scene.model('[]', desk('{regress_ann}', more => '{"schema": "desk3"}')));
SELECT * FROM reconcile('{lossy}');
GRANT USAGE ON SCHEMA desk3 TO regress_desk WITH GRANT OPTION;
SELECT * FROM reconcile();
SELECT * FROM reconcile();
-- two workspaces in one schema
SELECT scene.load(scene.model(jsonb_set(shop(), '{0,consumers,1}', '{"workspace": "other"}'),
    scene.workspace('other',
    '{shop.goods as others}', '{"owner": "regress_desk", "schema": "desk3", "readers": ["regress_ann"]}')));
SELECT * FROM reconcile();
SELECT scene.load(scene.model('[]', desk(NULL, more => '{"schema": "desk3"}')));
SELECT * FROM reconcile('{lossy}');
SELECT * FROM readers;
-- workspaces that leave the model
SELECT version FROM datasurface.ds_load_model(scene.model(shop()));
SELECT action, statement FROM datasurface.ds_plan_schema() WHERE action IN ('drop', 'revoke');
CALL datasurface.ds_reconcile(allow => '{lossy}');
SELECT * FROM readers;
SELECT * FROM datasurface.ds_reconcile_schema();

\c :regress_database
DROP DATABASE readers_of_a_workspace;
DROP ROLE regress_shop, regress_desk, regress_ann, regress_cy;
