-- Errors between C++ and PostgreSQL: none loses a text, and none leaves an object behind. Every raising function here
-- has objects with destructors in its frames; bridge.alive() counts those that outlived them, and bridge.handling()
-- tells of an exception whose handler never ended.
\set ECHO none
\getenv source PG_ABS_SRCDIR
\set functions :source '/bridge/functions.sql'
\i :functions
\set ECHO all
\set SHOW_CONTEXT always

-- PostgreSQL's own error, through C++ frames: texts, context and SQLSTATE as they were raised
SELECT bridge.raise('postgres'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.alive(), bridge.handling();

-- errors of ours, with all texts and with some
SELECT bridge.raise('error'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.raise('message only'); -- fails
SELECT bridge.raise('no message'); -- fails
\echo :LAST_ERROR_SQLSTATE

-- what else C++ may throw
SELECT bridge.raise('bad_alloc'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.raise('exception'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.raise('number'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.alive(), bridge.handling();

-- a NULL where none may be
SELECT bridge.raise(NULL); -- fails
\echo :LAST_ERROR_SQLSTATE

-- the server's allocator: a size that it never gives, and one that the system does not have
SELECT bridge.raise('invalid size'); -- fails
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY terse
SELECT bridge.raise('out of memory'); -- fails
\set VERBOSITY default
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.alive(), bridge.handling();

-- ourselves, called through SPI from ourselves, three levels deep
SELECT bridge.nested(3, 'postgres'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.nested(3, 'error'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.nested(3, 'number'); -- fails
SELECT bridge.nested(3, 'nothing');
SELECT bridge.alive(), bridge.handling();

-- a statement that fails, and one that is no SQL: the text of a statement of ours is nothing that an error shows
CREATE TABLE bridge.numbers (n integer CONSTRAINT positive CHECK (n > 0));
SELECT bridge.query('INSERT INTO bridge.numbers VALUES (-1)'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.query('SELECT FROM WHERE'); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.query('COPY bridge.numbers TO STDOUT'); -- fails

-- cancelled in the middle of a statement
SET statement_timeout = '50ms';
SELECT bridge.query('SELECT pg_sleep(60)'); -- fails
RESET statement_timeout;
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.alive(), bridge.handling();

-- inside an EXCEPTION block
\pset null '(null)'
SELECT how, c.* FROM (VALUES (1, 'postgres'), (2, 'error'), (3, 'message only'), (4, 'bad_alloc'), (5, 'exception'),
    (6, 'number'), (7, 'invalid size')) AS kinds(n, how), bridge.caught(format('SELECT bridge.raise(%L)', how)) c
        ORDER BY n;
SELECT * FROM bridge.caught('SELECT bridge.nested(3, ''error'')');
SELECT * FROM bridge.caught($$ SELECT bridge.query('INSERT INTO bridge.numbers VALUES (-1)') $$);
SELECT bridge.alive(), bridge.handling();

-- and the transaction is as good as before
BEGIN;
INSERT INTO bridge.numbers VALUES (1);
SAVEPOINT s;
SELECT bridge.raise('error'); -- fails
ROLLBACK TO s;
INSERT INTO bridge.numbers VALUES (2);
COMMIT;
SELECT n FROM bridge.numbers ORDER BY n;

-- values of every type, as arguments and as results; a result that is none of its type
SELECT * FROM bridge.values();
SELECT * FROM bridge.bad_row(); -- fails

-- plans that are kept: one text with arguments of several types, a table that changes its form, a plan that fails
\set what 'SELECT concat_ws('' '', pg_typeof($1), coalesce($1::text, ''(null)''))'
SELECT bridge.query_kept(:'what');
SELECT bridge.query_kept(:'what', number => 42);
SELECT bridge.query_kept(:'what', text => 'forty-two');
SELECT bridge.query_kept(:'what', number => 43);
CREATE TABLE bridge.forms (a integer);
INSERT INTO bridge.forms VALUES (7);
SELECT bridge.query_kept('SELECT * FROM bridge.forms WHERE a = $1', number => 7);
ALTER TABLE bridge.forms ALTER a TYPE numeric(5, 2);
SELECT bridge.query_kept('SELECT * FROM bridge.forms WHERE a = $1', number => 7);
DROP TABLE bridge.forms;
SELECT bridge.query_kept('SELECT * FROM bridge.forms WHERE a = $1', number => 7); -- fails
SELECT bridge.query_kept('SELECT 1 / $1', number => 0); -- fails
SELECT bridge.query_kept('SELECT 1 / $1', number => 1);
SELECT bridge.alive(), bridge.handling();

\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA bridge CASCADE;
