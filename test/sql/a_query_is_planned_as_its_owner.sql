-- A query of the model is planned as the store's owner when the model is validated: what is wrong with it is told with
-- its place in the query. What may be mended in the database is a warning, what only another query mends is an error.
-- In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE model_query_planned;
\c model_query_planned
CREATE EXTENSION datasurface;
CREATE ROLE regress_plan_owner;
CREATE ROLE regress_plan_loader;
CREATE ROLE regress_plan_stranger;
GRANT regress_plan_owner TO regress_plan_loader;
GRANT CREATE ON DATABASE model_query_planned TO regress_plan_owner, regress_plan_loader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA datasurface TO regress_plan_owner, regress_plan_loader, regress_plan_stranger;
CREATE SCHEMA erp AUTHORIZATION regress_plan_owner;
GRANT USAGE ON SCHEMA erp TO PUBLIC;
CREATE TABLE erp.clients (id integer PRIMARY KEY, name text, country text);
GRANT SELECT ON erp.clients TO regress_plan_owner;
CREATE TABLE erp.salaries (id integer, name text);
CREATE SEQUENCE calls;
GRANT USAGE ON calls TO PUBLIC;
CREATE FUNCTION model(query text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('crm', scene.dataset('customers', 'id integer, name text', query),
        '{"owner": "regress_plan_owner"}'))
$$;
-- every problem but its pointer, which is always the same; none: fine
CREATE FUNCTION tell(query text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(E'\n    ', severity || ' ' || code, message, hint), E'\n' ORDER BY severity,
        code), 'fine')
    FROM datasurface.ds_validate_model(model(query))
$$;
\pset format unaligned
\pset tuples_only on
\pset fieldsep '\n  '

SELECT pointer FROM datasurface.ds_validate_model(model('SELECT'));
-- what the database could still bring
SELECT query, tell(query) FROM (VALUES
    (1, 'SELECT id, name FROM erp.clients'),
    (2, E'SELECT id,\n       name\nFROM erp.client'),
    (3, 'SELECT id, name FROM epr.clients'),
    (4, E'-- größe\nSELECT ''ä'' AS größe, id, nmae AS name FROM erp.clients'),
    (5, 'SELECT id, nosuch(name) AS name FROM erp.clients'),
    (6, 'SELECT id, name::mood AS name FROM erp.clients'),
    (7, 'SELECT id, name FROM erp.salaries'),
    (8, 'SELECT id, name FROM erp.clients WHERE id = ''one'''),
    (9, 'SELECT 1 / 0 AS id, name FROM erp.clients'),
    (10, 'SELECT id, name FROM erp.clients WHERE current_date > ''2026-13-45''')) q(n, query) ORDER BY n;
-- a name that lacks its schema, and one that has it, however it is written
SELECT query, tell(query) FROM (VALUES
    (1, 'SELECT id, name FROM clients'),
    (2, 'SELECT id, name FROM erp . client'),
    (3, 'SELECT id, name FROM "er""p".clients'),
    (4, 'SELECT id, "größe"(name) AS name FROM erp.clients'),
    (5, 'SELECT id, erp . nosuch(name) AS name FROM erp.clients'),
    (6, 'SELECT id, (SELECT name FROM /* ä */ client) AS name FROM erp.clients'),
    (7, 'SELECT id, name # name AS name FROM erp.clients')) q(n, query) ORDER BY n;
-- what only another query mends
SELECT query, tell(query) FROM (VALUES
    (1, 'SELECT id, name FROM erp.clients WHERE'),
    (2, 'SELECT c.id, name FROM erp.clients c JOIN erp.clients d USING (id)'),
    (3, 'SELECT id, name FROM erp.clients WHERE id = $1'),
    (4, 'SELECT id, max(name) AS name FROM erp.clients'),
    (5, 'SELECT id, name FROM erp.clients ORDER BY 3'),
    (6, 'SELECT id, name FROM erp.clients WHERE name'),
    (7, 'SELECT id, name FROM erp.clients UNION SELECT name, id FROM erp.clients')) q(n, query) ORDER BY n;
-- columns: by name, each once, and of a type that can be stored
SELECT query, tell(query) FROM (VALUES
    (1, 'SELECT'),
    (2, 'SELECT id, country AS nam FROM erp.clients'),
    (3, 'SELECT id, upper(name) FROM erp.clients'),
    (4, 'SELECT id, name || ''!'' FROM erp.clients'),
    (5, 'VALUES (1, ''Ada'')'),
    (6, 'SELECT * FROM erp.clients'),
    (7, 'SELECT id, name, 7 + 1 FROM erp.clients'),
    (8, 'SELECT * FROM erp.clients c JOIN erp.clients d USING (id)'),
    (9, 'SELECT name AS id, name FROM erp.clients'),
    (10, 'SELECT id::bigint AS id, name::varchar AS name FROM erp.clients'),
    (11, 'SELECT n AS id, ''x'' AS name, ' || (SELECT string_agg(i || ' AS c' || i, ', ') FROM generate_series(1, 25) i)
        || ' FROM generate_series(1, 2) n')
    ) q(n, query) ORDER BY n;

-- the warnings of a load; then the right is given, and there are none
SELECT * FROM datasurface.ds_load_model(model('SELECT id, name FROM erp.salaries'));
GRANT SELECT ON erp.salaries TO regress_plan_owner;
SELECT * FROM datasurface.ds_load_model(model('SELECT s.id, name FROM erp.salaries s'));
-- a store that does not change is not tried again
ALTER TABLE erp.salaries RENAME TO wages;
SELECT * FROM datasurface.ds_load_model(model('SELECT s.id, name FROM erp.salaries s'));

-- nobody learns anything that the owner alone can see: who is no member of the owner is told that, and no more
SET ROLE regress_plan_stranger;
SELECT code, message FROM datasurface.ds_validate_model(model('SELECT id, name FROM erp.clients, erp.nothing'));
SET ROLE regress_plan_loader;
SELECT code, message FROM datasurface.ds_validate_model(model('SELECT id, name FROM erp.clients, erp.nothing'));
RESET ROLE;
SELECT code, message FROM datasurface.ds_validate_model(replace(model('SELECT id, name FROM erp.nothing'),
    'regress_plan_owner', 'regress_no_such'));

-- the owner's own code, which planning would run, is refused to a caller with more rights; to the owner it is not
SET ROLE regress_plan_owner;
CREATE FUNCTION erp.five() RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN PERFORM nextval('public.calls'); RETURN 5; END $$;
RESET ROLE;
SELECT tell('SELECT erp.five() AS id, name FROM erp.clients');
SELECT is_called FROM calls;
-- nothing is executed: a function that planning has no business with is not called
CREATE FUNCTION erp.loud() RETURNS integer LANGUAGE plpgsql AS $$
    BEGIN PERFORM nextval('public.calls'); RETURN 5; END $$;
SELECT tell('SELECT erp.loud() AS id, name FROM erp.clients');
SET datasurface.trusted_owners = regress_plan_owner;
SELECT tell('SELECT erp.loud() AS id, name FROM erp.clients');
SELECT is_called FROM calls;
-- as PostgreSQL plans: what says of itself that it is immutable is
SELECT tell('SELECT erp.five() AS id, name FROM erp.clients');
SELECT is_called FROM calls;
RESET datasurface.trusted_owners;

-- no lock of a source is left; a lock that somebody else has is waited for briefly
BEGIN;
SELECT count(*) FROM datasurface.ds_load_model(model('SELECT id, name FROM erp.clients'));
SELECT count(*) FROM pg_locks WHERE relation = 'erp.clients'::regclass AND pid = pg_backend_pid();
ROLLBACK;
CREATE EXTENSION dblink;
SELECT dblink_connect('other', format('host=%s port=%s dbname=%s user=%s',
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_database(),
    current_user));
SELECT dblink_exec('other', 'BEGIN; LOCK TABLE erp.clients');
SELECT tell('SELECT id, name FROM erp.clients');
SET statement_timeout = '30ms';
\set SHOW_CONTEXT errors
SELECT tell('SELECT id, name FROM erp.clients'); -- fails
\echo :SQLSTATE
\set SHOW_CONTEXT never
RESET statement_timeout;
SELECT dblink_exec('other', 'ROLLBACK');
SELECT dblink_disconnect('other');

-- the same words in a batch, when the source has changed since
SELECT datasurface.ds_load_model(model('SELECT c.*, 1 AS one FROM erp.clients c'));
SELECT count(*) FILTER (WHERE action = 'failed') FROM datasurface.ds_reconcile_schema();
SELECT datasurface.ds_start_batch('crm');
ALTER TABLE erp.clients RENAME name TO nmae;
SELECT datasurface.ds_ingest('crm', 1); -- fails
\echo :SQLSTATE
ALTER TABLE erp.clients RENAME nmae TO name;
ALTER TABLE erp.clients ALTER id TYPE text;
SELECT datasurface.ds_ingest('crm', 1); -- fails
\echo :SQLSTATE
ALTER TABLE erp.clients ALTER id TYPE integer USING id::integer;
ALTER TABLE erp.clients RENAME TO customers;
SELECT datasurface.ds_ingest('crm', 1); -- fails: with the place in the model's query
\echo :SQLSTATE
SELECT datasurface.ds_run('crm');
SELECT error_step, error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'crm';
ALTER TABLE erp.customers RENAME TO clients;
SELECT datasurface.ds_run('crm');

\c :regress_database
DROP DATABASE model_query_planned;
DROP ROLE regress_plan_owner, regress_plan_loader, regress_plan_stranger;
