-- datasurface.operations has each statement that reconcile executed, and what failed; for as long as datasurface.keep_operations says.
CREATE ROLE regress_operations_monitor IN ROLE pg_monitor;
CREATE FUNCTION pg_temp.model(columns text, owner text DEFAULT current_user) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('recorded', scene.dataset('t', columns), jsonb_build_object('owner', owner)),
        scene.workspace('recorded_desk', '{recorded.t}')) $$;
CREATE VIEW mine AS SELECT operation, role = current_user AS by_me, store, dataset, object, action, class, outcome, error,
        started_at BETWEEN now() - interval '1 minute' AND clock_timestamp() AND duration BETWEEN '0' AND '1 minute' AS in_time
    FROM datasurface.operations WHERE object LIKE '"recorded%' AND action IS DISTINCT FROM 'comment';
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer'), replace => false);

-- it goes with the caller's transaction
BEGIN;
SELECT count(*) > 0 AS done FROM datasurface.ds_reconcile_schema('recorded');
SELECT count(*) > 0 AS recorded FROM mine;
ROLLBACK;
SELECT * FROM mine;
CREATE TEMP TABLE done AS
    SELECT * FROM datasurface.ds_reconcile_schema('recorded') WITH ORDINALITY;
SELECT by_me, store, dataset, object, action, class, outcome, error, in_time FROM mine ORDER BY operation;
SELECT array_agg(statement ORDER BY ordinality) = (SELECT array_agg(statement ORDER BY operation)
    FROM datasurface.operations WHERE object LIKE '"recorded%') AS all_of_them FROM done;
SELECT count(*) FROM datasurface.ds_reconcile_schema('recorded');

-- The statement that fails: what came before it is undone, and not recorded. An event trigger makes it fail.
CREATE FUNCTION pg_temp.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'recorded.t') THEN
        RAISE 'not this table';
    END IF;
END $$;
CREATE EVENT TRIGGER regress_refuse ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION pg_temp.refuse();
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('id integer, v text'), replace => false);
SELECT max(operation) AS before FROM datasurface.operations \gset
SELECT object, action, error FROM datasurface.ds_reconcile_schema('recorded');
DROP EVENT TRIGGER regress_refuse;
SELECT store, dataset, object, action, class, outcome, error, in_time FROM mine WHERE operation > :before ORDER BY operation;

-- what fails before its first statement
DROP VIEW recorded_desk.t;
CREATE VIEW recorded_desk.t AS SELECT 1 AS id;
SELECT max(operation) AS before FROM datasurface.operations \gset
SELECT object, action FROM datasurface.ds_reconcile_schema('recorded');
SELECT store, dataset, object, action, class, outcome, error, in_time FROM mine WHERE operation > :before ORDER BY operation;
DROP VIEW recorded_desk.t;

-- who watches may read it
SET ROLE regress_operations_monitor;
SELECT count(*) > 0 AS reads FROM datasurface.operations WHERE store = 'recorded';
SELECT * FROM datasurface.operation; -- fails
RESET ROLE;

-- how long they are kept
SHOW datasurface.keep_operations;
\set VERBOSITY sqlstate
SET datasurface.keep_operations = '-2'; -- fails
\set VERBOSITY default
UPDATE datasurface.operation SET started_at = started_at - interval '100 days'
    WHERE operation_id <= :before AND object LIKE '"recorded%';
SET datasurface.keep_operations = -1;
SELECT object, action FROM datasurface.ds_reconcile_schema('recorded');
SELECT bool_or(operation <= :before) AS old_ones, bool_or(operation > :before) AS new_ones FROM mine;
RESET datasurface.keep_operations;
SELECT object, action FROM datasurface.ds_reconcile_schema('recorded');
SELECT bool_or(operation <= :before) AS old_ones, bool_or(operation > :before) AS new_ones FROM mine;
SET ROLE regress_operations_monitor;
SET datasurface.keep_operations = 0; -- fails: of others too
RESET ROLE;
DROP VIEW mine;
DROP ROLE regress_operations_monitor;
