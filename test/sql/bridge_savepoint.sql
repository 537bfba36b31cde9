-- Savepoints: an error becomes data, its subtransaction is rolled back, and all else is as before. bridge.swallow and
-- its kin check by themselves that memory context, resource owner, handlers and transaction level are put back, whether
-- the error is kept or passed on.
\set ECHO none
\getenv source PG_ABS_SRCDIR
\set functions :source '/bridge/functions.sql'
\i :functions
\set ECHO all
CREATE TABLE bridge.keys (k integer CONSTRAINT keys_pkey PRIMARY KEY, why text);

-- nothing fails
SELECT bridge.swallow('INSERT INTO bridge.keys VALUES (1, ''first'')');

-- SQLSTATE, message, DETAIL and HINT are data
SELECT bridge.swallow('INSERT INTO bridge.keys VALUES (1, ''again'')');
SELECT bridge.swallow('SELECT bridge.complain(''P0042'')');
SELECT bridge.swallow('SELECT bridge.raise(''error'')');
SELECT bridge.swallow('SELECT bridge.raise(''postgres'')');
SELECT bridge.swallow_thrown('SF042', 'INSERT INTO bridge.keys VALUES (2, ''rolled back'')');
SELECT bridge.alive(), bridge.handling();
SELECT k, why FROM bridge.keys ORDER BY k;

-- a hundred failures in one statement, then work that stays
BEGIN;
SELECT bridge.swallow_many(100, 'INSERT INTO bridge.keys VALUES (1, ''again'')');
INSERT INTO bridge.keys VALUES (3, 'after a hundred failures');
COMMIT;
SELECT k, why FROM bridge.keys ORDER BY k;

-- savepoints in savepoints
SELECT bridge.swallow_twice('INSERT INTO bridge.keys VALUES (1, ''again'')');
SELECT bridge.swallow('SELECT bridge.swallow(''SELECT 1/0'')');

-- not swallowed: cancel and shutdown, memory and disk, the system, and what a retry mends
SELECT wanted, c.code, c.message, c.detail, c.hint
    FROM unnest(ARRAY['57014', '57P01', '53000', '53100', '53200', '53300', '58030', '40001', '40P01', '55P03'])
        WITH ORDINALITY AS codes(wanted, n),
        bridge.caught(format('SELECT bridge.swallow(%L)', format('SELECT bridge.complain(%L)', wanted))) c ORDER BY n;
SELECT wanted, c.code, c.message, c.detail, c.hint
    FROM unnest(ARRAY['57014', '53200', '40001', '55P03', 'bad_alloc']) WITH ORDINALITY AS codes(wanted, n),
        bridge.caught(format('SELECT bridge.swallow_thrown(%L, ''SELECT 1'')', wanted)) c ORDER BY n;
SELECT bridge.alive(), bridge.handling();

-- swallowed: their neighbours
SELECT bridge.swallow(format('SELECT bridge.complain(%L)', code))
    FROM unnest(ARRAY['40002', '40003', '55000', '55006', '54000', '23505', '22012']) AS code;

-- cancelled inside, at top level
SET statement_timeout = '50ms';
SELECT bridge.swallow('SELECT pg_sleep(60)'); -- fails
SELECT bridge.swallow_many(1000000, 'SELECT 1'); -- fails
RESET statement_timeout;
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.alive(), bridge.handling();

-- An error that passes a savepoint ends its subtransaction. Left open, it would be taken for that of the EXCEPTION
-- block, and the statement would never commit: a new session tells.
CREATE TABLE bridge.kept (what text);
DO $$
BEGIN
    BEGIN
        INSERT INTO bridge.kept VALUES ('before, in the block: lost');
        PERFORM bridge.swallow('SELECT bridge.complain(''55P03'')');
    EXCEPTION WHEN lock_not_available THEN
        INSERT INTO bridge.kept VALUES ('in the handler of 55P03');
    END;
    BEGIN
        PERFORM bridge.swallow_thrown('40001', 'INSERT INTO bridge.kept VALUES (''thrown: lost'')');
    EXCEPTION WHEN serialization_failure THEN
        INSERT INTO bridge.kept VALUES ('in the handler of 40001');
    END;
    BEGIN
        PERFORM bridge.swallow_thrown('bad_alloc', 'INSERT INTO bridge.kept VALUES (''thrown: lost'')');
    EXCEPTION WHEN out_of_memory THEN
        INSERT INTO bridge.kept VALUES ('in the handler of 53200');
    END;
END $$;
\c -
SELECT what FROM bridge.kept;

-- the same, with SQL's own savepoints
BEGIN;
SAVEPOINT mine;
SELECT bridge.swallow('SELECT bridge.complain(''40P01'')'); -- fails
ROLLBACK TO mine;
INSERT INTO bridge.kept VALUES ('after ROLLBACK TO');
RELEASE mine;
COMMIT;
\c -
SELECT what FROM bridge.kept;

-- one snapshot for several statements: it sees what this transaction does, and nothing else that is newer
SELECT bridge.same_snapshot('SELECT count(*) FROM bridge.kept',
    'INSERT INTO bridge.kept VALUES (''ours'') RETURNING 1');

\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA bridge CASCADE;
