-- Until the first load of a dataset is published, its views and its as-of function show nothing. After, the rows of
-- the load begin with the batch that published it. Grants on the views, and views of others on them, stay.
\set SHOW_CONTEXT never
SET check_function_bodies = off; -- their views come later
CREATE ROLE regress_published_store;
CREATE ROLE regress_published_desk;
CREATE ROLE regress_published_reader;
CREATE SCHEMA published AUTHORIZATION regress_published_store;
CREATE SCHEMA published_desk AUTHORIZATION regress_published_desk;
CREATE FUNCTION pg_temp.make(condition text, columns text DEFAULT 'id integer, note text') RETURNS void
    LANGUAGE sql AS $$
    SELECT datasurface.ds_load_model(scene.model(
        scene.store('published', scene.dataset('orders', columns, milestoned => true),
            '{"owner": "regress_published_store", "consumers": [{"workspace": "published_desk"}]}'),
        scene.workspace('published_desk', '{}', jsonb_build_object('owner', 'regress_published_desk',
            'readers', '["regress_published_reader"]'::jsonb, 'groups', jsonb_build_array(jsonb_build_object(
                'name', 'g', 'description', 'd', 'sinks', jsonb_build_array(
                    '{"store": "published", "dataset": "orders", "name": "o"}'::jsonb,
                    '{"store": "published", "dataset": "orders", "name": "some"}'::jsonb
                        || jsonb_build_object('where', condition))))))), false) $$;
CREATE FUNCTION pg_temp.reconcile(allow text[] DEFAULT NULL)
    RETURNS TABLE (object text, action text, detail text) LANGUAGE sql AS $$
    SELECT object, action, concat_ws(': ', nullif(error, ''), nullif(detail, ''))
    FROM datasurface.ds_reconcile_schema('published', allow) $$;
-- what each of them shows
CREATE FUNCTION pg_temp.shown() RETURNS TABLE (what text, rows text) LANGUAGE sql AS $$
    SELECT 'o', string_agg(format('%s %s', id, note), ', ' ORDER BY id) FROM published_desk.o
    UNION ALL SELECT 'some', string_agg(format('%s %s', id, note), ', ' ORDER BY id) FROM published_desk.some
    UNION ALL SELECT 'o_full', string_agg(format('%s %s [%s, %s]', id, note, ds_surf_batch_in,
        nullif(ds_surf_batch_out, 2147483647)), ', ' ORDER BY id, ds_surf_batch_in) FROM published_desk.o_full
    UNION ALL SELECT 'some_full', string_agg(format('%s %s [%s, %s]', id, note, ds_surf_batch_in,
        nullif(ds_surf_batch_out, 2147483647)), ', ' ORDER BY id, ds_surf_batch_in) FROM published_desk.some_full
    UNION ALL SELECT 'theirs', count(*)::text FROM published_desk.theirs
    UNION ALL SELECT 'as of ' || n, (SELECT string_agg(format('%s %s [%s]', id, note, ds_surf_batch_in), ', '
        ORDER BY id) FROM published.orders_as_of(n)) FROM generate_series(5, 9) n $$;
CREATE FUNCTION pg_temp.say(said boolean, first integer) RETURNS void LANGUAGE sql AS $$
    UPDATE datasurface.dataset SET unpublished = said, published_from = first
    WHERE name = 'orders' AND store_id = (SELECT store_id FROM datasurface.store WHERE name = 'published') $$;

SELECT pg_temp.make('id > 1');
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM pg_temp.reconcile();
CREATE VIEW published_desk.theirs AS SELECT id FROM published_desk.o;
-- rows of the load, and what the batches 8 and 9 did to two of them
INSERT INTO published.orders VALUES (0, 2147483647, 1, 'loaded'), (8, 2147483647, 2, 'changed'),
    (9, 2147483647, 3, 'again');
INSERT INTO published.orders_history VALUES (0, 7, 2, 'loaded'), (0, 8, 3, 'loaded');
SELECT * FROM pg_temp.shown();

-- it shows nothing, which is safe; the condition stays
SELECT pg_temp.say(true, 0);
SELECT object, action, class, lock FROM datasurface.ds_plan_schema(NULL, 'published');
SELECT * FROM pg_temp.reconcile();
SELECT * FROM pg_temp.shown();
SELECT * FROM pg_temp.reconcile();
SELECT pg_get_viewdef('published_desk.some_full');
SELECT reloptions FROM pg_class WHERE oid = 'published_desk.some'::regclass;
-- another condition waits as ever, and the one of before stays
SELECT pg_temp.make('id > 2');
SELECT * FROM pg_temp.reconcile();

-- published by batch 7
SELECT pg_temp.say(false, 7);
SELECT object, action, class FROM datasurface.ds_plan_schema(NULL, 'published');
SELECT * FROM pg_temp.reconcile();
SELECT * FROM pg_temp.shown();
SELECT * FROM pg_temp.reconcile('{lossy}');
SELECT * FROM pg_temp.shown() WHERE what LIKE 'some%';
SELECT * FROM pg_temp.reconcile();
EXPLAIN (COSTS OFF) SELECT * FROM published.orders_as_of(6);

-- again nothing: neither do views that are replaced or created again, for columns come and go
SELECT pg_temp.say(true, 0);
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.make('id > 2', 'id integer, note text, added integer');
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.make('id > 2', 'id integer, note text');
DROP VIEW published_desk.theirs;
SELECT object, action, detail FROM pg_temp.reconcile('{lossy}') WHERE action IN ('drop', 'create', 'waiting', 'failed');
CREATE VIEW published_desk.theirs AS SELECT id FROM published_desk.o;
SELECT * FROM pg_temp.shown();
SELECT * FROM pg_temp.reconcile();
SELECT pg_temp.say(false, 7);
SELECT * FROM pg_temp.reconcile();
SELECT * FROM pg_temp.shown();
SELECT grantee, table_name FROM information_schema.table_privileges
    WHERE table_schema = 'published_desk' AND privilege_type = 'SELECT' AND grantee <> 'regress_published_store'
        AND grantee LIKE 'regress%' ORDER BY table_name, grantee;

SET client_min_messages = warning;
DROP SCHEMA published, published_desk CASCADE;
DROP OWNED BY regress_published_store, regress_published_desk, regress_published_reader;
DROP ROLE regress_published_store, regress_published_desk, regress_published_reader;
