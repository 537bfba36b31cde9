-- Code that a store's owner brings along does not run in the session of a caller who has more rights: it would find the
-- caller's cursors and locks. Each attack fails before the batch is touched, and the honest use beside it works. In a
-- database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
SELECT current_user AS regress_superuser \gset
CREATE DATABASE code_of_others;
\c code_of_others
CREATE EXTENSION datasurface;
CREATE ROLE regress_evil LOGIN;
CREATE ROLE regress_third;
CREATE ROLE regress_caller LOGIN;
GRANT CREATE ON DATABASE code_of_others TO regress_evil, regress_third;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA datasurface TO regress_evil, regress_caller;
GRANT EXECUTE ON PROCEDURE datasurface.ds_run_to_end TO regress_evil, regress_caller;
CREATE TABLE secret AS SELECT 'salary ' || i AS s FROM generate_series(1, 2) i;
CREATE TABLE seen (what text);
GRANT INSERT ON seen TO PUBLIC;

-- what the code does where it runs: it takes over, reads or closes the caller's cursors, and drops the locks
SET ROLE regress_evil;
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE FUNCTION evil.boom() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'regress_evil' THEN EXECUTE 'ALTER ROLE regress_evil SUPERUSER'; END IF;
    RETURN 'taken over by ' || current_user;
END $$;
CREATE FUNCTION evil.attack(value integer DEFAULT 1) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE c refcursor; n text; r record;
BEGIN
    INSERT INTO public.seen VALUES ('ran as ' || current_user);
    FOR n IN SELECT name FROM pg_cursors WHERE name LIKE 'mine%' LOOP
        c := n;
        FETCH c INTO r;
        INSERT INTO public.seen VALUES (r::text);
        CLOSE c;
        OPEN c FOR EXECUTE 'SELECT evil.boom()';
    END LOOP;
    PERFORM pg_advisory_unlock_all();
    RETURN value;
END $$;
CREATE FUNCTION evil.calm(value integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN value;
CREATE FUNCTION evil.check(value integer) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN PERFORM evil.attack(value); RETURN true; END $$;
CREATE FUNCTION evil.fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM evil.attack(); RETURN NULL; END $$;
CREATE DOMAIN evil.checked AS integer CHECK (evil.check(value));
CREATE DOMAIN evil.unchecked AS integer;
-- what has settings of its own is looked up by another way
CREATE TYPE evil.word AS ENUM ('x');
CREATE FUNCTION evil.as_json(evil.word) RETURNS json LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN PERFORM evil.attack(); RETURN '1'; END $$;
CREATE CAST (evil.word AS json) WITH FUNCTION evil.as_json(evil.word);
CREATE FUNCTION evil.fire_set() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN PERFORM evil.attack(); RETURN NULL; END $$;
CREATE FUNCTION evil.fire_definer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN PERFORM evil.attack(); RETURN NULL; END $$;
CREATE TABLE evil.log (id integer);
CREATE TRIGGER t AFTER INSERT ON evil.log FOR EACH ROW EXECUTE FUNCTION evil.fire_set();
-- a check beforehand does not look through this
CREATE VIEW evil.log_view AS TABLE evil.log;
-- what a session has looked up before: the difference of a range, which its index calls
CREATE FUNCTION evil.difference(a integer, b integer) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN PERFORM pg_advisory_unlock_all(); RETURN a - b; END $$;
CREATE TYPE evil.span AS RANGE (subtype = integer, subtype_diff = evil.difference);
CREATE TABLE evil.spans (id integer, r evil.span GENERATED ALWAYS AS (evil.span(id, id + 5)) STORED);
CREATE INDEX ON evil.spans USING gist (r);
INSERT INTO evil.spans SELECT generate_series(1, 1000);
CREATE VIEW evil.span_view AS SELECT id FROM evil.spans;
-- what the planner calls to estimate: an operator that is built in, and drops a lock
CREATE OPERATOR evil.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = pg_advisory_unlock, RESTRICT = eqsel);
CREATE TABLE evil.sevens AS SELECT 7 AS id FROM generate_series(1, 100);
ANALYZE evil.sevens;
CREATE VIEW evil.estimated AS SELECT id FROM evil.sevens WHERE id OPERATOR(evil.===) 7;
CREATE VIEW evil.view AS SELECT evil.attack() AS id;
RESET ROLE;
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 * 2;
CREATE FUNCTION note(integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN $1; END $$;

CREATE FUNCTION load(query text, owner text DEFAULT 'regress_evil') RETURNS void LANGUAGE sql AS $$
    SELECT datasurface.ds_load_model(scene.model(scene.store('s',
        scene.dataset('d', query => query, milestoned => true),
        jsonb_build_object('owner', owner, 'operators', '["regress_caller"]'::jsonb))));
    SELECT datasurface.ds_reconcile_schema() $$;
-- an attempt beside a cursor and a lock of the caller's: its error, or what was published; what the code has done; what
-- is left of the caller's
CREATE FUNCTION attempt(query text) RETURNS TABLE (outcome text, ran bigint, batches bigint, cursor text, locks bigint)
    LANGUAGE plpgsql AS $$
DECLARE mine CURSOR FOR SELECT s FROM secret;
BEGIN
    mine := 'mine';
    OPEN mine;
    PERFORM pg_advisory_lock(42), pg_advisory_lock(7, 7);
    PERFORM load(attempt.query);
    BEGIN
        outcome := datasurface.ds_run('s');
        IF outcome = 'FAILED' THEN SELECT error_sqlstate || ': ' || error_message INTO outcome
            FROM datasurface.streams; END IF;
    EXCEPTION WHEN insufficient_privilege THEN outcome := 'refused: ' || SQLERRM;
    END;
    SELECT count(*) INTO ran FROM seen;
    SELECT count(*) INTO batches FROM datasurface.batches;
    FETCH mine INTO cursor;
    CLOSE mine;
    SELECT count(*) INTO locks FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
    PERFORM pg_advisory_unlock_all();
    -- what this one did is forgotten
    RAISE division_by_zero;
EXCEPTION WHEN division_by_zero THEN
    RETURN NEXT;
END $$;
SELECT load('SELECT 1 AS id');
SET datasurface.trusted_owners = 'a b'; -- fails

-- a superuser runs it: functions in every place of a query, dangerous built-ins, domains
SELECT query, a.* FROM unnest(ARRAY[
    'SELECT evil.attack() AS id', 'SELECT id FROM evil.view', 'SELECT id FROM evil.attack() AS id',
    'SELECT 1 AS id LIMIT evil.attack()', 'SELECT evil.calm(1) AS id', 'SELECT public.note(1) AS id',
    'SELECT ''1''::evil.checked AS id', 'SELECT (''{1}''::evil.checked[])[1] AS id',
    'SELECT ''1''::evil.unchecked AS id', 'SELECT x.id FROM json_to_record(''{"id": 1}'') AS x(id evil.checked)',
    'SELECT x.id FROM json_to_record(''{"id": 1}'') AS x(id evil.unchecked)',
    'SELECT length(to_json(''x''::evil.word)::text) AS id',
    'SELECT length(query_to_xml(''SELECT evil.attack()'', true, true, '''')::text) AS id',
    'SELECT 1 AS id FROM pg_advisory_unlock_all()', 'SELECT count(*)::integer AS id FROM pg_cursors',
    'SELECT length(set_config(''search_path'', ''x'', false)) AS id',
    'SELECT length(current_setting(''search_path'')) AS id']) query, attempt(query) a;
-- and what is harmless: PostgreSQL's own, and what is immutable and a superuser's
SELECT query, a.* FROM unnest(ARRAY[
    'SELECT 1 AS id', 'SELECT public.twice(2) AS id', 'SELECT extract(year FROM now())::integer AS id',
    'SELECT (random() * 0)::integer AS id', 'SELECT length(to_json(row(1, now()))::text) * 0 AS id',
    'SELECT x.id FROM json_to_record(''{"id": 1}'') AS x(id integer)',
    'SELECT length(format(''%s'', to_char(1, ''9''))) AS id',
    'SELECT count(*)::integer * 0 AS id FROM pg_class']) query, attempt(query) a;

SELECT r FROM evil.spans LIMIT 1;
-- on the tables: a trigger, a constraint, an index, a default, a rule, a deferred trigger that would fire at COMMIT
CREATE FUNCTION attempt_on(statement text)
    RETURNS TABLE (outcome text, ran bigint, batches bigint, cursor text, locks bigint) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'SET LOCAL ROLE regress_evil';
    EXECUTE statement;
    EXECUTE 'RESET ROLE';
    SELECT a.* INTO outcome, ran, batches, cursor, locks FROM attempt('SELECT generate_series(1, 2) AS id') a;
    RAISE division_by_zero;
EXCEPTION WHEN division_by_zero THEN
    RETURN NEXT;
END $$;
SELECT statement, a.* FROM unnest(ARRAY[
    'CREATE TRIGGER t AFTER INSERT ON s.d FOR EACH ROW EXECUTE FUNCTION evil.fire()',
    'CREATE TRIGGER t AFTER INSERT ON s.d_history FOR EACH ROW EXECUTE FUNCTION evil.fire()',
    'CREATE TRIGGER t AFTER DELETE ON s.d_staging FOR EACH STATEMENT EXECUTE FUNCTION evil.fire()',
    'CREATE CONSTRAINT TRIGGER t AFTER INSERT ON s.d DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evil.fire()',
    'CREATE TRIGGER t AFTER INSERT ON s.d FOR EACH ROW EXECUTE FUNCTION evil.fire_set()',
    'CREATE TRIGGER t AFTER INSERT ON s.d FOR EACH ROW EXECUTE FUNCTION evil.fire_definer()',
    'CREATE RULE r AS ON INSERT TO s.d_staging DO ALSO INSERT INTO evil.log VALUES (1)',
    'CREATE RULE r AS ON INSERT TO s.d_staging DO ALSO INSERT INTO evil.log_view VALUES (1)',
    'CREATE RULE r AS ON INSERT TO s.d_staging DO ALSO INSERT INTO evil.span_view VALUES (2000)',
    'CREATE RULE r AS ON DELETE TO s.d_staging DO ALSO SELECT count(*) FROM evil.estimated',
    'ALTER TABLE s.d ADD CHECK (evil.check(id))', 'ALTER TABLE s.d_staging ADD more integer DEFAULT evil.attack()',
    'CREATE INDEX ON s.d (evil.calm(id))', 'CREATE RULE r AS ON INSERT TO s.d DO ALSO SELECT evil.attack()',
    'ALTER TABLE s.d ADD CHECK (id > 0)']) statement, attempt_on(statement) a;

-- a view in the place of the staging table: what stands behind it has triggers of its own
SELECT load('SELECT 1 AS id');
CREATE FUNCTION swap() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE regress_evil;
    CREATE TABLE evil.behind (LIKE s.d_staging INCLUDING ALL);
    CREATE TRIGGER t AFTER INSERT ON evil.behind FOR EACH ROW EXECUTE FUNCTION evil.fire_set();
    ALTER TABLE s.d_staging RENAME TO d_staging_kept;
    CREATE VIEW s.d_staging AS TABLE evil.behind;
    RESET ROLE;
    PERFORM datasurface.ds_run('s');
    RETURN (SELECT error_sqlstate || ': ' || error_message || ', seen ' || (SELECT count(*) FROM seen)
        FROM datasurface.streams);
END $$;
BEGIN;
SELECT swap();
ROLLBACK;
-- a foreign key cascades to a third role's table, whoever calls
SELECT load('SELECT 1 AS id');
SELECT datasurface.ds_run('s');
GRANT regress_evil TO regress_third;
SET ROLE regress_third;
CREATE SCHEMA third;
CREATE TABLE third.child (id integer REFERENCES s.d ON DELETE CASCADE);
INSERT INTO third.child VALUES (1);
CREATE FUNCTION third.fire() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO public.seen VALUES ('third'); RETURN NULL; END $$;
RESET ROLE;
REVOKE regress_evil FROM regress_third;
SELECT a.* FROM attempt('SELECT 2 AS id') a;
CREATE TRIGGER t AFTER DELETE ON third.child FOR EACH ROW EXECUTE FUNCTION third.fire();
SELECT a.* FROM attempt('SELECT 2 AS id') a;
SELECT load('SELECT 2 AS id');
\c - regress_evil
SELECT datasurface.ds_run('s'); -- fails
\c - :regress_superuser
DROP TABLE third.child;

-- whoever stands behind the session: SET ROLE, SET SESSION AUTHORIZATION and a wrapper are taken back later
SELECT load('SELECT evil.attack() AS id');
SET ROLE regress_evil;
SELECT datasurface.ds_run('s'); -- fails
RESET ROLE;
SET SESSION AUTHORIZATION regress_evil;
SELECT datasurface.ds_run('s'); -- fails
RESET SESSION AUTHORIZATION;
CREATE FUNCTION wrapped() RETURNS text LANGUAGE sql SECURITY DEFINER RETURN datasurface.ds_run('s');
\c - regress_evil
SELECT wrapped(); -- fails
-- an operator who is no member of the owner
\c - regress_caller
SELECT datasurface.ds_run('s'); -- fails
CALL datasurface.ds_run_to_end('s'); -- fails
SET datasurface.trusted_owners = regress_evil; -- fails
\c - :regress_superuser
SELECT batch, state FROM datasurface.batches ORDER BY batch;
TABLE seen;
-- the owner, connected; an operator when a superuser trusts the owner; and the owner whose rights are a superset
\c - regress_evil
SELECT datasurface.ds_run('s', 'owner');
\c - :regress_superuser
ALTER ROLE regress_caller SET datasurface.trusted_owners = '"regress_evil", regress_other';
\c - regress_caller
SELECT datasurface.ds_run('s', 'trusted');
\c - :regress_superuser
ALTER ROLE regress_caller RESET datasurface.trusted_owners;
GRANT regress_caller TO regress_evil;
\c - regress_caller
CALL datasurface.ds_run_to_end('s', 'superset');
\c - :regress_superuser
SELECT batch, state FROM datasurface.batches ORDER BY batch;
SELECT what, count(*) FROM seen GROUP BY 1;
SELECT rolname, rolsuper FROM pg_roles WHERE rolname = 'regress_evil';

\c :regress_database
DROP DATABASE code_of_others;
DROP ROLE regress_evil, regress_third, regress_caller;
