-- A setting that another library has defined, as one of another version does, is taken over where its type, range, unit and
-- context fit, and is an error otherwise. What was set before any library came is kept.
\set ECHO none
\getenv source PG_ABS_SRCDIR
\set functions :source '/bridge/functions.sql'
\i :functions
\set ECHO all
\set SHOW_CONTEXT never

-- the same, and a narrower range: the value and the limits are those that are there
SET datasurface.merge_workers = 5;
SELECT bridge.define_setting('same');
LOAD 'datasurface-0.2';
SELECT setting, max_val, short_desc FROM pg_settings WHERE name = 'datasurface.merge_workers';
\c
SELECT bridge.define_setting('narrower');
LOAD 'datasurface-0.2';
\set VERBOSITY sqlstate
SET datasurface.merge_workers = 9; -- fails
SET datasurface.merge_workers = 8;
\set VERBOSITY default

-- what does not fit
\c
SELECT bridge.define_setting('wider');
LOAD 'datasurface-0.2'; -- fails
\echo :LAST_ERROR_SQLSTATE
LOAD 'datasurface-0.2'; -- fails again
\c
SELECT bridge.define_setting('text');
LOAD 'datasurface-0.2'; -- fails
\c
SELECT bridge.define_setting('of kB');
LOAD 'datasurface-0.2'; -- fails
\c
SELECT bridge.define_setting('for superusers');
LOAD 'datasurface-0.2'; -- fails
\c
SELECT bridge.define_setting('another word');
LOAD 'datasurface-0.2'; -- fails

-- no other library: what was set before counts where it is valid, and is taken away with a warning where it is not
\c
SET datasurface.merge_workers = 7;
SET datasurface.merge_engine = 'steam';
SET datasurface.no_such_setting = 1;
LOAD 'datasurface-0.2';
SELECT name, setting FROM pg_settings WHERE name IN ('datasurface.merge_workers', 'datasurface.merge_engine');

\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA bridge CASCADE;
