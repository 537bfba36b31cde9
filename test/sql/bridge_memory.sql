-- Twenty thousand errors in one session leave no memory behind: not the server's contexts, not the process.
\set ECHO none
\getenv source PG_ABS_SRCDIR
\set functions :source '/bridge/functions.sql'
\i :functions
\set ECHO all
CREATE TABLE bridge.keys (k integer PRIMARY KEY);
INSERT INTO bridge.keys VALUES (1);

-- the process's anonymous memory, in kB: what malloc and the contexts hold
CREATE FUNCTION bridge.process_memory() RETURNS bigint LANGUAGE sql AS $$
    SELECT substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')::bigint $$;
CREATE FUNCTION bridge.contexts() RETURNS bigint LANGUAGE sql AS $$
    SELECT sum(total_bytes)::bigint / 1024 FROM pg_backend_memory_contexts $$;
CREATE PROCEDURE bridge.fail(times integer, kind text) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. times LOOP
        BEGIN
            PERFORM bridge.nested(1, kind);
        EXCEPTION WHEN OTHERS THEN
            CONTINUE;
        END;
    END LOOP;
END $$;

-- once, for what is kept on purpose: caches, and free lists
CALL bridge.fail(200, 'postgres');
CALL bridge.fail(200, 'error');
SELECT bridge.swallow_many(200, 'INSERT INTO bridge.keys VALUES (1)');
SELECT bridge.contexts() AS contexts, bridge.process_memory() AS process \gset

CALL bridge.fail(7000, 'postgres');
CALL bridge.fail(7000, 'error');
SELECT bridge.swallow_many(7000, 'INSERT INTO bridge.keys VALUES (1)');
SELECT bridge.alive(), bridge.handling();
SELECT bridge.contexts() - :contexts < 256 AS contexts_do_not_grow,
    bridge.process_memory() - :process < 2048 AS process_does_not_grow;

-- nor within one statement, where nothing is freed before its end
CREATE FUNCTION bridge.growth(times integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    before bigint := bridge.process_memory();
BEGIN
    PERFORM bridge.swallow_many(times, 'INSERT INTO bridge.keys VALUES (1)');
    RETURN bridge.process_memory() - before;
END $$;
SELECT bridge.growth(10000) < 4 * 1024 AS a_statement_does_not_grow;

\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA bridge CASCADE;
