-- C++ text is UTF-8, whatever the database's encoding is. ü is one byte in Latin-1, and two in UTF-8.
\set ECHO none
SET client_min_messages = warning;
CREATE DATABASE bridge_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0;
\getenv source PG_ABS_SRCDIR
\set functions :source '/bridge/functions.sql'
\i :functions
\set ECHO all

-- in a UTF-8 database
SELECT bytes, text = U&'gr\00FC\00DF' AS same FROM bridge.echo(U&'gr\00FC\00DF');
-- bytes that are no text do not hide the error that they belong to
SET client_encoding = 'UTF8';
SELECT code, message = U&'gr\00FC\00DF dich, \4E2D' AS same, detail, hint
    FROM bridge.caught('SELECT bridge.raise_foreign()');
SELECT bridge.alive(), bridge.handling();

\set ECHO none
DROP SCHEMA bridge CASCADE;
\c bridge_latin1
SET client_encoding = 'UTF8';
SET client_min_messages = warning;
\i :functions
\set ECHO all

-- in a Latin-1 database: as argument and result, in a statement, in errors both ways
SELECT bytes, length(text), octet_length(text), text = U&'gr\00FC\00DF' AS same FROM bridge.echo(U&'gr\00FC\00DF');
SELECT bytes, length(text), octet_length(text), text = U&'gr\00FC\00DF' AS same
    FROM bridge.echo_by_query(U&'gr\00FC\00DF');
SELECT code, message = U&'\00FCber' AS message, detail = U&'\00E4' AS detail, hint = U&'\00F6' AS hint
    FROM bridge.caught($$ SELECT bridge.raise_texts(U&'\00FCber', U&'\00E4', U&'\00F6') $$);
CREATE TABLE bridge.keys (k text CONSTRAINT keys_pkey PRIMARY KEY);
INSERT INTO bridge.keys VALUES (U&'\00FC');
SELECT bridge.swallow($$ INSERT INTO bridge.keys VALUES (U&'\00FC') $$) =
    U&'23505 | duplicate key value violates unique constraint "keys_pkey" | Key (k)=(\00FC) already exists. | ' AS same;

-- what Latin-1 lacks does not hide the error that it belongs to
SELECT code, message, detail, hint FROM bridge.caught('SELECT bridge.raise_foreign()');
SELECT bridge.raise_foreign(); -- fails
\echo :LAST_ERROR_SQLSTATE
SELECT bridge.alive(), bridge.handling();

\set ECHO none
\c template1
SET client_min_messages = warning;
DROP DATABASE bridge_latin1;
