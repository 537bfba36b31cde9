-- A view that comes to show another dataset is dropped and made anew, for its grants were given on what it showed
-- before. In a database of its own, for a document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE a_view_shows_another_dataset;
\c a_view_shows_another_dataset
CREATE EXTENSION datasurface;
CREATE ROLE regress_hr;
CREATE ROLE regress_shop;
CREATE ROLE regress_desk;
CREATE ROLE regress_reader;
GRANT CREATE ON DATABASE a_view_shows_another_dataset TO regress_hr, regress_shop, regress_desk;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model, datasurface.ds_reconcile_schema TO regress_desk;

CREATE FUNCTION desk(store text, dataset text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.workspace('desk', ARRAY[store || '.' || dataset || ' as people'], '{"owner": "regress_desk"}') $$;
CREATE FUNCTION retarget(store text, dataset text, allow text[] DEFAULT '{lossy}') RETURNS TABLE (object text, action text, error text)
    LANGUAGE sql AS $$
    SELECT version FROM datasurface.ds_load_model(scene.model('[]', desk(store, dataset)), false);
    SELECT object, action, error FROM datasurface.ds_reconcile_schema(NULL, allow)
        WHERE action <> 'comment' ORDER BY object, action $$;
CREATE VIEW views AS SELECT c.relname, pg_get_userbyid(c.relowner) AS owner,
    (SELECT array_agg(DISTINCT pg_get_userbyid(grantee)) FROM aclexplode(c.relacl)
        WHERE grantee <> c.relowner) AS readers FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('desk');

SELECT version FROM datasurface.ds_load_model(scene.model(
    scene.store('hr', scene.dataset('names', 'id integer, name text', milestoned => true)
        || scene.dataset('salaries', 'id integer, name text', milestoned => true)
            || scene.dataset('badges', 'id integer, name text'),
        '{"owner": "regress_hr", "consumers": [{"workspace": "desk"}]}')
    || scene.store('shop', scene.dataset('customers', 'id integer, name text'),
        '{"owner": "regress_shop", "consumers": [{"workspace": "desk"}]}'),
    desk('hr', 'names')));
SELECT object, action, error FROM datasurface.ds_reconcile_schema() WHERE action = 'failed';
INSERT INTO hr.names VALUES (1, 2147483647, 1, 'a name');
INSERT INTO hr.salaries VALUES (1, 2147483647, 1, 'a salary');
INSERT INTO hr.badges VALUES (1, 2147483647, 1, 'a badge');
INSERT INTO shop.customers VALUES (1, 2147483647, 1, 'a customer');
GRANT USAGE ON SCHEMA desk TO regress_hr, regress_shop, regress_reader;
SET ROLE regress_hr;
GRANT SELECT ON desk.people, desk.people_full TO regress_reader;
SET ROLE regress_reader;
SELECT name FROM desk.people_full;
RESET ROLE;

-- who reads the view loses what it shows, so this waits until it is allowed
SET ROLE regress_desk;
SELECT * FROM retarget('hr', 'salaries', NULL);
SELECT DISTINCT detail FROM datasurface.ds_reconcile_schema();
SET ROLE regress_reader;
SELECT name FROM desk.people_full;
RESET ROLE;

-- another dataset of the same store: the owner of the workspace gets nothing by it, nor does who could read before
SET ROLE regress_desk;
SELECT * FROM retarget('hr', 'salaries');
SELECT name FROM desk.people; -- fails
SET ROLE regress_reader;
SELECT name FROM desk.people; -- fails
SELECT name FROM desk.people_full; -- fails
\echo :SQLSTATE
RESET ROLE;
SELECT * FROM views ORDER BY relname;
SET ROLE regress_hr;
GRANT SELECT ON desk.people, desk.people_full TO regress_reader;
SET ROLE regress_reader;
SELECT name FROM desk.people;

-- a milestoned dataset to one that is live: the view of all versions goes
SET ROLE regress_desk;
SELECT * FROM retarget('hr', 'badges');
SET ROLE regress_reader;
SELECT name FROM desk.people; -- fails
RESET ROLE;
SELECT * FROM views ORDER BY relname;
SET ROLE regress_hr;
GRANT SELECT ON desk.people TO regress_reader;

-- a dataset of another store, and owner
SET ROLE regress_desk;
SELECT * FROM retarget('shop', 'customers');
SET ROLE regress_reader;
SELECT name FROM desk.people; -- fails
SET ROLE regress_shop;
GRANT SELECT ON desk.people TO regress_reader;
SET ROLE regress_reader;
SELECT name FROM desk.people;
RESET ROLE;
SELECT * FROM views ORDER BY relname;

-- what stands on the view keeps it from being dropped; it shows what it showed, to whom it showed it
CREATE SCHEMA reports;
CREATE VIEW reports.count AS SELECT count(*) FROM desk.people;
SET ROLE regress_desk;
SELECT * FROM retarget('hr', 'salaries');
SELECT detail FROM datasurface.ds_reconcile_schema();
SET ROLE regress_reader;
SELECT name FROM desk.people;
RESET ROLE;
DROP SCHEMA reports CASCADE;
SET ROLE regress_desk;
SELECT * FROM retarget('hr', 'salaries');
SET ROLE regress_reader;
SELECT name FROM desk.people; -- fails
RESET ROLE;

-- the same dataset keeps its view and its grants: there is nothing to do
SELECT * FROM retarget('hr', 'salaries');

\c :regress_database
DROP DATABASE a_view_shows_another_dataset;
DROP ROLE regress_hr, regress_shop, regress_desk, regress_reader;
