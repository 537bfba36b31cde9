-- An error of PostgreSQL's says which step of which dataset it comes from, whichever engine works. It shows no
-- statement of ours; what functions and triggers of others say stays.
CREATE SCHEMA where_source;
CREATE TABLE where_source.t (id integer, v text);
INSERT INTO where_source.t SELECT i, 'row ' || i FROM generate_series(1, 50000) i;
CREATE VIEW where_source.fast AS SELECT id, v FROM where_source.t;
CREATE VIEW where_source.slow AS SELECT id, v FROM where_source.t WHERE id > 1 OR pg_sleep(60) IS NOT NULL;
CREATE FUNCTION pg_temp.store(name text, source text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('t', 'id integer, v text', 'SELECT id, v FROM ' || source,
        milestoned => true))
$$;
CALL scene.make(pg_temp.store('where_slow', 'where_source.slow') || pg_temp.store('where_fast', 'where_source.fast'));

-- the ingest is cancelled
SET statement_timeout = '100ms';
SELECT datasurface.ds_run('where_slow'); -- fails
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('where_slow'); -- fails
RESET statement_timeout;
RESET datasurface.merge_engine;

-- the merge wants more room on disk than it may have; the function that called it says so too
CREATE FUNCTION where_source.tell(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    context text;
BEGIN
    EXECUTE statement;
    RETURN 'nothing happened';
EXCEPTION
    WHEN configuration_limit_exceeded THEN
        GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, context = PG_EXCEPTION_CONTEXT;
        RETURN replace(message, '"', '') || E'\nCONTEXT: ' || context; -- 18 quotes the name of the setting
END $$;
SELECT datasurface.ds_run('where_fast');
CREATE OR REPLACE VIEW where_source.fast AS SELECT id, v || '!' AS v FROM where_source.t ORDER BY md5(v);
SELECT datasurface.ds_start_batch('where_fast');
SELECT datasurface.ds_ingest('where_fast', 2);
\pset format unaligned
SET temp_file_limit = 0;
SET datasurface.merge_work_mem = '1MB';
SET work_mem = '64kB';
SET datasurface.merge_engine = native;
SELECT where_source.tell($$SELECT datasurface.ds_merge_staging('where_fast', 2)$$);
SET datasurface.merge_engine = sql;
SELECT where_source.tell($$SELECT datasurface.ds_merge_staging('where_fast', 2)$$);
\pset format aligned
RESET temp_file_limit;
RESET work_mem;
RESET datasurface.merge_work_mem;
RESET datasurface.merge_engine;

-- a trigger of somebody's is at fault: its own lines come first
CREATE FUNCTION where_source.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no % today', TG_OP; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON where_fast.t FOR EACH ROW EXECUTE FUNCTION where_source.refuse();
SELECT datasurface.ds_merge_staging('where_fast', 2); -- fails
DROP TRIGGER refuse ON where_fast.t;
CREATE TRIGGER refuse BEFORE DELETE ON where_fast.t_staging FOR EACH ROW EXECUTE FUNCTION where_source.refuse();
SET datasurface.truncate_threshold = '1GB';
SELECT datasurface.ds_merge_staging('where_fast', 2); -- fails
SELECT datasurface.ds_reset_batch('where_fast', 2); -- fails
RESET datasurface.truncate_threshold;
DROP TRIGGER refuse ON where_fast.t_staging;
SELECT datasurface.ds_run('where_fast');

-- reconcile
CREATE FUNCTION where_source.sleep() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); END $$;
CREATE EVENT TRIGGER where_sleep ON ddl_command_start WHEN tag IN ('CREATE TABLE')
    EXECUTE FUNCTION where_source.sleep();
SELECT version > 0 AS loaded
FROM datasurface.ds_load_model(scene.model(pg_temp.store('where_late', 'where_source.t')), replace => false);
SET statement_timeout = '100ms';
SELECT datasurface.ds_reconcile_schema('where_late'); -- fails
RESET statement_timeout;
DROP EVENT TRIGGER where_sleep;
