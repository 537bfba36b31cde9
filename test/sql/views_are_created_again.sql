-- Where PostgreSQL cannot replace a view of consumers, it is dropped and created again in the same call, with its
-- grants and the rest. What others built on it stands in the way. The owners of the store and of the workspace have no
-- right on the other's objects. In a database of its own, for a document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE views_are_created_again;
\c views_are_created_again
CREATE EXTENSION datasurface;
CREATE ROLE regress_shop;
CREATE ROLE regress_shop2;
CREATE ROLE regress_desk;
CREATE ROLE regress_reader;
CREATE ROLE regress_clerk;
CREATE ROLE regress_nobody;
GRANT CREATE ON DATABASE views_are_created_again TO regress_shop, regress_shop2, regress_desk;

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
    ARRAY(SELECT tgname || coalesce(': ' || obj_description(oid, 'pg_trigger'), '') FROM pg_trigger
        WHERE tgrelid = c.oid) AS triggers
    FROM pg_class c WHERE relkind = 'v' AND relnamespace::regnamespace::text ~ '^desk';

SELECT version FROM datasurface.ds_load_model(model(
    'id integer, buyer varchar(10), note text, total integer, day date'));
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();
INSERT INTO shop.orders VALUES (1, 2147483647, 1, 'Ann', 'urgent', 5, '2026-11-30');
GRANT USAGE ON SCHEMA desk TO regress_reader, regress_clerk;
GRANT SELECT ON desk.sales, desk.sales_full TO regress_reader;
GRANT SELECT (id, buyer, note) ON desk.sales TO regress_clerk;
COMMENT ON COLUMN desk.sales.buyer IS 'who buys';
CREATE FUNCTION desk.no_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER no_insert INSTEAD OF INSERT ON desk.sales FOR EACH ROW EXECUTE FUNCTION desk.no_insert();
COMMENT ON TRIGGER no_insert ON desk.sales IS 'nothing is sold here';
-- a view of a user on the view
CREATE SCHEMA reports;
CREATE VIEW reports.buyers AS SELECT id, buyer FROM desk.sales;

-- a column that is shown no longer: the user's view stands in the way
SELECT version FROM datasurface.ds_load_model(model('id integer, buyer varchar(10), total integer, day date'));
SELECT * FROM reconcile();
SELECT * FROM reconcile('{lossy}');
DROP VIEW reports.buyers;
SELECT * FROM reconcile('{lossy}');
SELECT * FROM reconcile();
SELECT * FROM desk.sales;
SELECT * FROM had ORDER BY view;

-- another type, which PostgreSQL changes without reading the table: the views are created again in the same call, with
-- the names that they have. What default privileges would give beside that is taken away again
ALTER DEFAULT PRIVILEGES FOR ROLE regress_shop IN SCHEMA desk GRANT SELECT ON TABLES TO regress_nobody;
SELECT version FROM datasurface.ds_load_model(model('id integer', of_dataset => columns(
    'id integer, client varchar(20), total integer, day date', 'client', 'buyer')));
SELECT * FROM reconcile();
SELECT * FROM desk.sales;
SELECT * FROM had ORDER BY view;
SELECT action FROM reconcile('{lossy}');
ALTER DEFAULT PRIVILEGES FOR ROLE regress_shop IN SCHEMA desk REVOKE SELECT ON TABLES FROM regress_nobody;

-- another owner of the store: the views go with the tables
DROP TRIGGER no_insert ON desk.sales;
GRANT USAGE, CREATE ON SCHEMA shop TO regress_shop2;
SELECT version FROM datasurface.ds_load_model(model('id integer, client varchar(20), total integer, day date',
    of_store => '{"owner": "regress_shop2"}'));
SELECT * FROM reconcile();
SET ROLE regress_reader;
SELECT * FROM desk.sales;
RESET ROLE;
SELECT * FROM had ORDER BY view;

-- the dataset is live: its view of all versions goes
SELECT version FROM datasurface.ds_load_model(model('id integer, client varchar(20), total integer, day date',
    of_dataset => '{"milestoning": "live"}',
    of_store => '{"owner": "regress_shop2", "consumers": [{"workspace": "desk"}]}'));

SELECT * FROM reconcile();
SELECT action, statement FROM reconcile('{lossy}') WHERE statement ~ 'VIEW';

\c :regress_database
DROP DATABASE views_are_created_again;
DROP ROLE regress_shop, regress_shop2, regress_desk, regress_reader, regress_clerk, regress_nobody;
