-- What CREATE EXTENSION makes has a comment, and nothing of it that changes state is open to all. In a database of its
-- own, because it begins without the extension.
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

\c :regress_database
DROP DATABASE install_scene;
