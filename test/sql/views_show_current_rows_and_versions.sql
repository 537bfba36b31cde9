-- What consumers read: a view of the current rows per sink, and for a milestoned dataset one of all versions with the
-- batches they were born and last seen in. Views belong to the store's owner, so a consumer needs no right on the
-- tables.
CREATE ROLE regress_views_store;
CREATE ROLE regress_views_desk;
CREATE ROLE regress_views_reader;
GRANT CREATE ON DATABASE :DBNAME TO regress_views_store;
CREATE FUNCTION pg_temp.model(columns text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('views_store',
        scene.dataset('v1', columns) || scene.dataset('V two', milestoned => true,
            more => jsonb_build_object('columns',
                scene.columns('id integer') || '{"name": "Mixed Case", "type": "text"}')),
            '{"owner": "regress_views_store", "consumers": [{"workspace": "views_desk"}]}'),
        scene.workspace('views_desk', '{}', '{"owner": "regress_views_desk", "groups": [
            {"name": "g", "sinks": [{"store": "views_store", "dataset": "v1"},
                {"store": "views_store", "dataset": "V two"}]},
            {"name": "h", "sinks": [{"store": "views_store", "dataset": "V two", "name": "again"}]}]}')) $$;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer, name text'), replace => false);
-- two datasets: first run, second run
SELECT version > 0 AS loaded
FROM datasurface.ds_load_model(scene.model(scene.store('views_other', scene.dataset('t'))), replace => false);
-- another store is not touched by it, and does not touch the workspace
SELECT object FROM datasurface.ds_reconcile_schema('views_other') WHERE object NOT LIKE '"views_other"%';
SELECT object, action, error FROM datasurface.ds_reconcile_schema('views_store') WHERE object LIKE '"views_desk"%';
SELECT object, action, error FROM datasurface.ds_reconcile_schema('views_store');
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) AS columns FROM information_schema.columns
    WHERE table_schema = 'views_desk' GROUP BY 1 ORDER BY 1;
SELECT relname, pg_get_userbyid(relowner) AS owner
    FROM pg_class WHERE relnamespace = 'views_desk'::regnamespace ORDER BY 1;
-- what the schema's owner lent the store's owner to make the views is taken back
SELECT pg_get_userbyid(nspowner) AS owner, has_schema_privilege('regress_views_store', oid, 'CREATE') AS may_create
    FROM pg_namespace WHERE nspname = 'views_desk';

SELECT datasurface.ds_start_batch('views_store');
INSERT INTO views_store.v1_staging (id, name) VALUES (1, 'one'), (2, 'two');
INSERT INTO views_store."V two_staging" (id, "Mixed Case") VALUES (1, 'a'), (2, 'b');
SELECT datasurface.ds_ingest('views_store', 1, 4), datasurface.ds_run('views_store');
SELECT datasurface.ds_start_batch('views_store');
INSERT INTO views_store.v1_staging (id, name) VALUES (1, 'one');
INSERT INTO views_store."V two_staging" (id, "Mixed Case") VALUES (1, 'A');
SELECT datasurface.ds_ingest('views_store', 2, 2), datasurface.ds_run('views_store');

-- the consumer's rights are the workspace's business
GRANT USAGE ON SCHEMA views_desk TO regress_views_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA views_desk TO regress_views_reader;
SET ROLE regress_views_reader;
SELECT * FROM views_desk.v1 ORDER BY id;
SELECT * FROM views_desk."V two" ORDER BY id;
SELECT * FROM views_desk."V two_full" ORDER BY id, ds_surf_batch_in;
SELECT * FROM views_desk.again ORDER BY id;
SELECT * FROM views_store.v1; -- fails
\echo :SQLSTATE
RESET ROLE;

-- the dataset gains a column: the view has it last, grants stay; again: unchanged
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer, name text, description text'),
    replace => false);
SELECT object, action, error FROM datasurface.ds_reconcile_schema('views_store');
SELECT object, action, error FROM datasurface.ds_reconcile_schema('views_store');
SET ROLE regress_views_reader;
SELECT * FROM views_desk.v1 ORDER BY id;
RESET ROLE;
-- a view over a view of ours does not stand in the way
CREATE VIEW views_desk.mine AS SELECT id FROM views_desk.v1;
SELECT version > 0 AS loaded FROM
    datasurface.ds_load_model(pg_temp.model('id integer, name text, description text, more date'), replace => false);
SELECT object, action, error FROM datasurface.ds_reconcile_schema('views_store');
-- nobody writes through a view: the system columns are not there, and rights are for reading
SET ROLE regress_views_reader;
UPDATE views_desk.v1 SET name = 'x'; -- fails
\echo :SQLSTATE
RESET ROLE;
DROP OWNED BY regress_views_reader, regress_views_store, regress_views_desk CASCADE;
DROP ROLE regress_views_reader, regress_views_store, regress_views_desk;
