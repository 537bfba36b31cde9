-- In whose name and under which settings something runs, and that all of it is put back, however it ends.
\set ECHO none
\getenv source PG_ABS_SRCDIR
\set functions :source '/bridge/functions.sql'
\i :functions
SET client_min_messages = warning;
CREATE ROLE bridge_owner;
GRANT ALL ON SCHEMA bridge TO bridge_owner;
RESET client_min_messages;
\set ECHO all
CREATE VIEW bridge.who AS SELECT current_user, current_setting('search_path') AS search_path,
    current_setting('DateStyle') AS date_style, current_setting('TimeZone') AS time_zone,
    current_setting('row_security') AS row_security, bridge.security() AS security;
GRANT SELECT ON bridge.who TO PUBLIC;
SET search_path = bridge, public;
SET DateStyle = 'German, DMY';
SET TimeZone = 'Asia/Tokyo';
SELECT * FROM bridge.who;

-- inside: the role, restricted, and pinned settings
SELECT bridge.as_role('bridge_owner',
    'SELECT concat_ws('' '', current_user, ' ||
    'current_setting(''search_path''), current_setting(''DateStyle''), current_setting(''TimeZone''), ' ||
    'current_setting(''IntervalStyle''), current_setting(''extra_float_digits''), current_setting(''bytea_output''), '
        ||
    'current_setting(''xmloption''), current_setting(''row_security''), bridge.security())');
SELECT bridge.as_role('bridge_owner', 'SELECT timestamptz ''2026-11-20 12:00+9''::text');
-- after: as before
SELECT * FROM bridge.who;

-- after a top-level error inside
SELECT bridge.as_role('bridge_owner', 'SELECT 1/0'); -- fails
SELECT * FROM bridge.who;
SELECT bridge.as_role('bridge_owner', 'SELECT bridge.raise(''error'')'); -- fails
SELECT * FROM bridge.who;

-- after an error that a savepoint swallowed, in the same transaction; and one that it passed on
BEGIN;
SELECT bridge.swallow_as_role('bridge_owner', 'SELECT 1/0');
SELECT * FROM bridge.who;
SELECT bridge.swallow_as_role('bridge_owner', 'SELECT bridge.raise(''error'')');
SELECT * FROM bridge.who;
SELECT * FROM bridge.caught('SELECT bridge.swallow_as_role(''bridge_owner'', ''SELECT bridge.complain(''''55P03'''')'')');
SELECT * FROM bridge.who;
SELECT * FROM bridge.caught('SELECT bridge.as_role(''bridge_owner'', ''SELECT 1/0'')');
SELECT * FROM bridge.who;
COMMIT;
SELECT bridge.alive(), bridge.handling();

-- a plain SET by code that runs inside is undone, at once and after the commit
CREATE FUNCTION bridge.sets() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET DateStyle = 'SQL, MDY';
    PERFORM set_config('search_path', 'evil', false);
    RETURN current_setting('DateStyle');
END $$;
BEGIN;
SELECT bridge.as_role('bridge_owner', 'SELECT bridge.sets()');
SELECT * FROM bridge.who;
COMMIT;
SELECT * FROM bridge.who;

-- a security-restricted operation cannot become another role, nor leave something behind
SELECT bridge.as_role('bridge_owner', 'SELECT set_config(''role'', ''postgres'', false)'); -- fails
SELECT bridge.as_role('bridge_owner', 'CREATE TEMPORARY TABLE left_behind ()'); -- fails

-- a role that there is not
SELECT bridge.as_role('bridge_nobody', 'SELECT 1'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM bridge.who;

\set ECHO none
RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA bridge CASCADE;
DROP ROLE bridge_owner;
