-- The operators and consumers of a store come back from the catalog as the model said them, in their order; what is left
-- out is not an empty list. In a database of its own, for a document is the whole model.
\set ECHO none
\getenv source PG_ABS_SRCDIR
\set functions :source '/bridge/functions.sql'
SELECT current_database() AS regress_database \gset
CREATE DATABASE bridge_catalog;
\c bridge_catalog
SET client_min_messages = warning;
\i :functions
\set ECHO all
CREATE EXTENSION datasurface;
SELECT version FROM datasurface.ds_load_model('{"stores": [
    {"name": "silent", "description": "d", "datasets": []},
    {"name": "nobody", "description": "d", "operators": [], "consumers": [], "datasets": []},
    {"name": "all", "description": "d", "operators": ["z", "a"], "datasets": [],
     "consumers": [{"workspace": "w", "readers": ["public", "b"]}, {"workspace": "v", "readers": []}, {"workspace": "u"}]}]}');
SELECT name, bridge.access(name) FROM datasurface.store ORDER BY name;

-- what somebody has changed in the catalog is not taken for what a load has written
SELECT bridge.access('no such store'); -- fails
UPDATE datasurface.store SET access = '{"operators": [1], "readers": []}' WHERE name = 'all';
SELECT bridge.access('all'); -- fails
\echo :SQLSTATE

\set ECHO none
\c :regress_database
DROP DATABASE bridge_catalog;
