-- What CREATE EXTENSION leaves behind: everything explained, nothing that changes state open to all; and what
-- DROP EXTENSION leaves behind: the data. In a database of its own, because it drops the extension.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE install_scene;
\c install_scene

CREATE SCHEMA datasurface;
CREATE EXTENSION datasurface; -- fails: somebody else's schema is there
SELECT count(*) AS extensions FROM pg_extension WHERE extname = 'datasurface';
DROP SCHEMA datasurface;
CREATE EXTENSION datasurface;

-- objects of the extension without a comment, columns among them: none
SELECT pg_describe_object(d.classid, d.objid, 0) AS without_comment
FROM pg_depend d
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'datasurface')
  AND d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass)
  AND obj_description(d.objid, d.classid::regclass::text::name) IS NULL;
SELECT c.oid::regclass AS relation, a.attname AS without_comment
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'datasurface'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped
  AND col_description(c.oid, a.attnum) IS NULL;

-- who may call what: only functions that read may be open to all
SELECT p.oid::regprocedure AS open_to_all FROM pg_proc p
WHERE p.pronamespace = 'datasurface'::regnamespace AND has_function_privilege('public', p.oid, 'execute') ORDER BY 1;
SELECT c.oid::regclass AS open_to_all FROM pg_class c
WHERE c.relnamespace = 'datasurface'::regnamespace AND c.relkind IN ('r', 'v', 'S')
  AND has_table_privilege('public', c.oid, 'select, insert, update, delete, truncate');
-- the library is called by its functions only, and its settings are known once it is loaded
SELECT p.oid::regprocedure AS not_from_the_library FROM pg_proc p
WHERE p.pronamespace = 'datasurface'::regnamespace AND p.probin <> 'datasurface-0.2';
SELECT name, setting, unit, context FROM pg_settings WHERE name LIKE 'datasurface.%' ORDER BY name;
SET datasurface.no_such_setting = 1; -- fails

-- DROP EXTENSION: the data stays, as-of function and views too
SELECT version FROM datasurface.ds_load_model(scene.model(
    scene.store('shop', scene.dataset('orders', 'id integer, v text', milestoned => true)),
        scene.workspace('desk', '{shop.orders}')));
SELECT action, count(*) FROM datasurface.ds_reconcile_schema() GROUP BY 1 ORDER BY 1;
SELECT datasurface.ds_start_batch('shop');
INSERT INTO shop.orders_staging (id, v) VALUES (1, 'a'), (2, 'b');
SELECT datasurface.ds_ingest('shop', 1, 2), datasurface.ds_run('shop');
DROP EXTENSION datasurface;
SELECT count(*) AS left_over FROM pg_namespace WHERE nspname = 'datasurface';
TABLE desk.orders;
SELECT * FROM shop.orders_as_of(1) ORDER BY id;
-- a new installation knows nothing of them, and does not take them for its own
CREATE EXTENSION datasurface;
SELECT pointer, code FROM datasurface.ds_validate_model(scene.model(scene.store('shop', scene.dataset('orders'))));

\c :regress_database
DROP DATABASE install_scene;
