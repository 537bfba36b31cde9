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
CREATE PROCEDURE bridge.fail(times integer, statement text) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. times LOOP
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN OTHERS THEN
            CONTINUE;
        END;
    END LOOP;
END $$;
\set postgres 'SELECT bridge.nested(1, ''postgres'')'
\set ours 'SELECT bridge.raise_texts(repeat(''a'', 1000), repeat(''b'', 1000), repeat(''c'', 1000))'
\set duplicate 'INSERT INTO bridge.keys VALUES (1)'

-- once, for what is kept on purpose: caches, and free lists
CALL bridge.fail(200, :'postgres');
CALL bridge.fail(200, :'ours');
SELECT bridge.swallow_many(200, :'duplicate');
-- within one statement most is freed only at its end, so this asks for the most that the process ever had, in kB
CREATE FUNCTION bridge.peak() RETURNS bigint LANGUAGE sql AS $$
    SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')::bigint $$;
SELECT bridge.peak() AS peak \gset
SELECT bridge.swallow_many(10000, 'SELECT 1/0');
SELECT bridge.peak() - :peak < 3072 AS failures_do_not_add_up;
SELECT bridge.swallow_many(10000, 'SELECT 1');
SELECT bridge.peak() - :peak < 3072 AS successes_do_not_add_up;

-- in one session
SELECT bridge.contexts() AS contexts, bridge.process_memory() AS process \gset

CALL bridge.fail(7000, :'postgres');
CALL bridge.fail(7000, :'ours');
SELECT bridge.swallow_many(7000, :'duplicate');
SELECT bridge.alive(), bridge.handling();
SELECT bridge.contexts() - :contexts < 256 AS contexts_do_not_grow,
    bridge.process_memory() - :process < 2048 AS process_does_not_grow;

\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA bridge CASCADE;
