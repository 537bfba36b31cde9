-- Views of consumers follow the model. What is safe is done at once; a name, a column or a view that somebody may read
-- goes only when that is allowed; what people gave to a view stays. The owners of the store and of the workspace have
-- no right on the other's objects. In a database of its own, for a document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE views_follow_the_model;
\c views_follow_the_model
CREATE EXTENSION datasurface;
CREATE ROLE regress_shop;
CREATE ROLE regress_desk;
CREATE ROLE regress_reader;
CREATE ROLE regress_clerk;
GRANT CREATE ON DATABASE views_follow_the_model TO regress_shop, regress_desk;

-- columns: of orders; sinks: of workspace desk
CREATE FUNCTION model(columns text, sinks text[] DEFAULT '{shop.orders as sales}', of_dataset jsonb DEFAULT '{}',
    of_store jsonb DEFAULT '{}', of_desk jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(
        scene.store('shop', scene.dataset('orders', columns, milestoned => true, more => of_dataset)
            || scene.dataset('goods', 'id integer'),
            '{"owner": "regress_shop", "consumers": [{"workspace": "desk"}]}' || of_store),
        CASE WHEN sinks IS NULL THEN '[]'
        ELSE scene.workspace('desk', sinks, '{"owner": "regress_desk"}' || of_desk) END)
$$;
-- one of them had another name
CREATE FUNCTION columns(columns text, name text, was text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('columns', jsonb_agg(CASE c ->> 'name' WHEN name
        THEN c || jsonb_build_object('was', was) ELSE c END))
    FROM jsonb_array_elements(scene.columns(columns)) c $$;
CREATE FUNCTION reconcile(allow text[] DEFAULT NULL) RETURNS TABLE (action text, statement text, detail text)
    LANGUAGE sql AS $$
    SELECT action, statement, concat_ws(': ', nullif(error, ''), nullif(detail, ''))
        FROM datasurface.ds_reconcile_schema(NULL, allow)
        WHERE object LIKE '"desk%' OR action IN ('failed', 'waiting') $$;
-- ACLs of the view and its columns, comments, and what stands on it
CREATE VIEW had AS SELECT c.oid::regclass::text AS view, pg_get_userbyid(c.relowner) AS owner,
    ARRAY(SELECT pg_get_userbyid(grantee) || ' ' || privilege_type FROM aclexplode(c.relacl)
        WHERE grantee <> relowner ORDER BY 1) AS grants,
    ARRAY(SELECT attname || ' ' || pg_get_userbyid(grantee) FROM pg_attribute a, aclexplode(attacl)
        WHERE attrelid = c.oid ORDER BY attnum) AS columns,
    ARRAY(SELECT attname || ' ' || col_description(c.oid, attnum) FROM pg_attribute a
        WHERE attrelid = c.oid AND col_description(c.oid, attnum) IS NOT NULL ORDER BY attnum) AS comments,
    ARRAY(SELECT tgname FROM pg_trigger WHERE tgrelid = c.oid) AS triggers
    FROM pg_class c WHERE relkind = 'v' AND relnamespace::regnamespace::text ~ '^desk';

SELECT version FROM datasurface.ds_load_model(model('id integer, customer varchar(10), note text, total integer'));
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();
INSERT INTO shop.orders VALUES (1, 2147483647, 1, 'Ann', 'urgent', 5);
GRANT USAGE ON SCHEMA desk TO regress_reader, regress_clerk;
GRANT SELECT ON desk.sales, desk.sales_full TO regress_reader;
GRANT SELECT (id, customer, note) ON desk.sales TO regress_clerk;
COMMENT ON COLUMN desk.sales.customer IS 'who buys';
CREATE FUNCTION desk.no_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER no_insert INSTEAD OF INSERT ON desk.sales FOR EACH ROW EXECUTE FUNCTION desk.no_insert();
-- a view of a user on the view
CREATE SCHEMA reports;
CREATE VIEW reports.buyers AS SELECT id, customer FROM desk.sales;

-- a column that comes
SELECT version FROM datasurface.ds_load_model(model(
    'id integer, customer varchar(10), note text, total integer, day date'));
SELECT * FROM reconcile();
SELECT * FROM had ORDER BY view;

-- a column renamed in the tables: its name in the view stays; the user's view reads on
SELECT version FROM datasurface.ds_load_model(model('id integer', of_dataset => columns(
    'id integer, buyer varchar(10), note text, total integer, day date', 'buyer', 'customer')));
SELECT * FROM reconcile();
SELECT * FROM desk.sales;
SELECT * FROM reports.buyers;
-- again: nothing but what waits
SELECT action FROM reconcile();
-- it takes the new name when that is allowed
SELECT * FROM reconcile('{lossy}');
SELECT * FROM reconcile();
SELECT * FROM desk.sales;
SELECT * FROM reports.buyers;
SELECT * FROM had ORDER BY view;

-- another schema of the workspace: the old name goes
\set wide 'id integer, buyer varchar(10), note text, total integer, day date, extra text'
SELECT version FROM datasurface.ds_load_model(model(:'wide',
    of_desk => '{"schema": "desk2"}'));
SELECT * FROM reconcile();
SELECT * FROM reconcile('{lossy}');
SELECT * FROM had ORDER BY view;

-- a workspace that gets another name keeps its views
SELECT version FROM datasurface.ds_load_model(model(:'wide',
    of_store => '{"consumers": [{"workspace": "office"}]}',
    of_desk => '{"schema": "desk2", "name": "office", "was": "desk"}'));
SELECT * FROM reconcile('{lossy}');

-- a sink that the model no longer names, and a workspace that left
SELECT version FROM datasurface.ds_load_model(model(:'wide', '{shop.goods}',
    of_store => '{"consumers": [{"workspace": "office"}]}', of_desk => '{"schema": "desk2", "name": "office"}'));
SELECT * FROM reconcile();
SELECT * FROM reconcile('{lossy}');
DROP VIEW reports.buyers;
SELECT * FROM reconcile('{lossy}');
SELECT version FROM datasurface.ds_load_model(model(:'wide', NULL,
    of_store => '{"consumers": []}'));
SELECT * FROM reconcile();
SELECT * FROM reconcile('{lossy}');
SELECT * FROM had ORDER BY view;
SELECT count(*) FROM datasurface.relation WHERE workspace_id IS NOT NULL;

\c :regress_database
DROP DATABASE views_follow_the_model;
DROP ROLE regress_shop, regress_desk, regress_reader, regress_clerk;
